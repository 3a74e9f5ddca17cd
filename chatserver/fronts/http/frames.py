"""WebSocket frames as a server writes them (RFC 6455, section 5), and the one that many connections share. PURE."""

from typing import Final

_TEXT: Final = 0x81
_CLOSE: Final = 0x88
_PING: Final = 0x89
_PONG: Final = 0x8A
_LONGEST_SHORT: Final = 125
_LONGEST_MIDDLE: Final = 0xFFFF


def text(data: bytes) -> bytes:
    """One text message, whole, in one frame."""
    size = len(data)
    if size <= _LONGEST_SHORT:
        head = bytes((_TEXT, size))
    elif size <= _LONGEST_MIDDLE:
        head = bytes((_TEXT, 126)) + size.to_bytes(2)
    else:
        head = bytes((_TEXT, 127)) + size.to_bytes(8)
    return b"".join((head, data))


PING: Final = bytes((_PING, 0))


def pong(data: bytes) -> bytes:
    """The answer to a ping, which had 125 bytes at most."""
    return bytes((_PONG, len(data))) + data


def close(code: int) -> bytes:
    """The end, and why (section 7.4)."""
    return bytes((_CLOSE, 2)) + code.to_bytes(2)


class Framing:
    """Frames pieces of lines, and remembers the last: what goes to a thousand connections is framed once."""

    def __init__(self) -> None:
        self._piece = b""
        self._frame = text(b"")

    def __call__(self, piece: bytes) -> bytes:
        """The text message with these lines."""
        if piece is not self._piece:
            self._frame = text(piece)
            self._piece = piece
        return self._frame
