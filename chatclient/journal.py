"""What a spool writes down, one JSON object per line, and what these lines come to. Pure.

Each line says that something began to wait, or what became of it; read one after another they give what waits now.
A line that is cut short or damaged counts for itself alone. What was read is written anew as one line for each thing
that is still held, which reads back the same.
"""

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from chatclient.drafts import Queued
from shared.protocol import File


class _Line(msgspec.Struct, omit_defaults=True, tag_field="is"):
    """Base of all lines."""


class Item(_Line, tag="queued"):
    """A change that waits, or a post that was refused (`code` and `message` say why, and the person decides).

    time     when it was queued, as on the wire
    instead  id of the refused post in whose place this one is sent
    """

    change: Queued
    time: str
    code: str = ""
    message: str = ""
    instead: str = ""


class Refusal(_Line, tag="refused"):
    """The post with this id was refused and is kept."""

    id: str
    code: str
    message: str


class Settled(_Line, tag="settled"):
    """Nothing is to be done about the change with this id any more."""

    id: str


class Kept(_Line, tag="kept"):
    """The bytes of a file lie in the spool, under the id of its upload.

    file      as on this device: its hash, name, type, size, measures
    remote    the id under which it goes to the server
    up        as the server has it, once it has it
    """

    upload: str
    remote: str
    file: File
    up: File | None = None


class Dropped(_Line, tag="dropped"):
    """The upload with this id is over, and its bytes are gone from the spool."""

    upload: str


Line = Item | Refusal | Settled | Kept | Dropped
_decoder: Final[msgspec.json.Decoder[Line]] = msgspec.json.Decoder(Line)
_encoder: Final = msgspec.json.Encoder()


class Held:
    """What is held: `items` by the ids of their changes in the order in which they were queued, `uploads` by theirs."""

    def __init__(self) -> None:
        self.items: dict[str, Item] = {}
        self.uploads: dict[str, Kept] = {}

    def apply(self, line: Line) -> None:
        """Take note of one line."""
        match line:
            case Item():
                self.items.pop(line.instead, None)
                self.items[line.change.id] = line
            case Refusal(id=ident, code=code, message=message):
                if ident in self.items:
                    self.items[ident].code, self.items[ident].message = code, message
            case Settled(id=ident):
                self.items.pop(ident, None)
            case Kept():
                self.uploads[line.upload] = line
            case Dropped(upload=upload):
                self.uploads.pop(upload, None)

    def take_in(self, other: "Held") -> None:
        """Hold what another spool held too, behind one's own."""
        self.items = {**self.items, **{ident: item for ident, item in other.items.items() if ident not in self.items}}
        self.uploads = {**other.uploads, **self.uploads}

    def lines(self) -> Iterator[Line]:
        """All that is held, as few lines as can be."""
        yield from self.uploads.values()
        yield from self.items.values()


def encoded(lines: Iterable[Line]) -> bytes:
    """As they stand in the file."""
    return b"".join(_encoder.encode(line) + b"\n" for line in lines)


def read(content: bytes) -> tuple[Held, list[str]]:
    """What the file comes to, and for each line that cannot be read one sentence why."""
    held, wrong = Held(), []
    for number, line in enumerate(content.split(b"\n"), 1):
        if not line:
            continue
        try:
            held.apply(_decoder.decode(line))
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            wrong.append(f"line {number}: {error}")
    return held, wrong
