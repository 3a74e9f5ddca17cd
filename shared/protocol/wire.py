"""Structs to JSON lines and back, and the sentence for a line that is none."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from shared.errors import ProtocolError, Refused
from shared.protocol.answers import ServerLine
from shared.protocol.commands import AnyCommand

_encoder: Final = msgspec.json.Encoder()
_commands: Final[msgspec.json.Decoder[AnyCommand]] = msgspec.json.Decoder(AnyCommand)
_lines: Final[msgspec.json.Decoder[ServerLine]] = msgspec.json.Decoder(ServerLine)

encode = _encoder.encode
"""One struct as JSON bytes, without the newline."""


def encode_line(item: msgspec.Struct) -> bytes:
    """One struct as a JSON line, newline included."""
    return _encoder.encode(item) + b"\n"


def encode_lines(items: Sequence[ServerLine]) -> bytes:
    """Many structs, one JSON line each, newline after every one."""
    return _encoder.encode_lines(items)


def decode_command(line: bytes) -> AnyCommand:
    """What a client sent; `Refused` with `bad_request` says which field is wrong."""
    try:
        return _commands.decode(line)
    except msgspec.ValidationError as error:
        raise Refused("bad_request", f"{reason(str(error))}.") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refused("bad_request", "This is not a JSON object on one line.") from None


def decode_commands(lines: bytes) -> list[AnyCommand] | None:
    """Many lines at once, or None where one of them is wrong: then take them one by one."""
    try:
        return _commands.decode_lines(lines)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def decode_server_line(line: bytes) -> ServerLine:
    """What the server sent, or `ProtocolError`."""
    try:
        return _lines.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ProtocolError(f"The server sent what is not protocol 1: {error}") from None


def envelope(line: bytes) -> tuple[str | None, str | None]:
    """`ref` and `id` of a command that failed to decode, so that its error can bear them; None where unfit."""
    try:
        found: Any = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None, None
    if not isinstance(found, dict):
        return None, None
    ref, ident = found.get("ref"), found.get("id")
    return (
        ref if isinstance(ref, str) and len(ref) <= 64 else None,
        ident if isinstance(ident, str) and len(ident) <= 64 else None,
    )


def reason(message: str) -> str:
    """msgspec's sentence without its path notation: ``Object missing required field `text` `` and the like."""
    message = message.replace(" - at `$.", " in the field `").replace(" - at `$`", "")
    if message.startswith("Invalid value") and message.endswith("in the field `type`"):
        return message.replace("Invalid value", "Unknown type").removesuffix(" in the field `type`")
    return message
