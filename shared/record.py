r"""One event <-> one line of `chat_history.txt`.

    seq ⇥ time ⇥ room ⇥ user ⇥ type ⇥ id ⇥ key=value … ⇥ ~hash

Tab-separated, UTF-8, one newline at the end. Values escape the backslash as `\\`, tab, newline and return as
`\t \n \r`, and other control characters, line separators and bidirectional overrides as `\uXXXX`, so that no text
can forge a line or rewrite it on a terminal. The hash is BLAKE2b with 64 bits over the previous line's hash (8
bytes, zeros before the first line) and this line up to the hash's tab: it shows accidents and hand edits.

A message with files has `file`, `name`, `mime`, `size` and for a picture `dim` for each; `file` begins a new one.

The first line is a header with `seq` 0, type `history`, and the history's `epoch`.
"""

import re
from binascii import hexlify
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any, Final, NamedTuple

from shared.errors import RecordError
from shared.protocol import (
    EVENT_TYPES,
    AnyEvent,
    Banned,
    Created,
    Deleted,
    Edited,
    Event,
    File,
    Joined,
    Left,
    Message,
    Muted,
    ProfileSet,
    Reacted,
    RoleSet,
    TopicSet,
    Unbanned,
)

FORMAT: Final = "1"
GENESIS: Final = bytes(8)
"""The chain before the first line."""

_UNSAFE = re.compile("[\\\\\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_ESCAPED = re.compile(r"\\(?:u([0-9A-F]{4})|(.?))", re.DOTALL)
_SHORT = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
_LONG = {"\\": "\\", "t": "\t", "n": "\n", "r": "\r"}
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)
_SEQ = re.compile(r"[1-9]\d{0,17}", re.ASCII)
_MESSAGE = re.compile(
    rf"({_SEQ.pattern})\t({_TIME.pattern})\t([^\t]+)\t([^\t]+)\tmessage\t([^\t]+)\ttext=([^\t]*)", re.ASCII
)
_FILE = frozenset(("file", "name", "mime", "size", "dim"))
_SHA256 = re.compile(r"[0-9a-f]{64}")
_DIM = re.compile(r"([1-9]\d{0,8})x([1-9]\d{0,8})", re.ASCII)
_SEAL = 19
"""Bytes of a line's end: a tab, `~`, the hash in 16 digits, the newline."""
_SEALED = re.compile(rb"\t~([0-9a-f]{16})\n")


class _Field(NamedTuple):
    """How one attribute stands in the line. `write` gives None where the field is left out."""

    key: str
    write: Callable[[Any], str | None]
    read: Callable[[str], Any]
    required: bool = False


def _text(value: str | None) -> str | None:
    return value or None


def _flag(value: bool) -> str | None:
    return "yes" if value else None


def _read_flag(value: str) -> bool:
    if value != "yes":
        raise RecordError(f"a flag can only say yes, this one says {value}")
    return True


def _read_number(value: str) -> int:
    if value != "0" and not _SEQ.fullmatch(value):
        raise RecordError(f"{value[:40]} is no number")
    return int(value)


def _read_seq(value: str) -> int:
    if not _SEQ.fullmatch(value):
        raise RecordError(f"{value[:40]} is no sequence number")
    return int(value)


def _number(value: int) -> str | None:
    return str(value) if value else None


def _read_role(value: str) -> str:
    if value not in ("member", "moderator"):
        raise RecordError(f"{value[:40]} is no role")
    return value


_FIELDS: Final[dict[type[Event], tuple[_Field, ...]]] = {
    Message: (_Field("reply_to", _number, _read_seq), _Field("text", str, str, required=True)),
    Edited: (_Field("of", str, _read_seq, required=True), _Field("text", str, str, required=True)),
    Deleted: (_Field("of", str, _read_seq, required=True),),
    Reacted: (
        _Field("of", str, _read_seq, required=True),
        _Field("emoji", str, str, required=True),
        _Field("removed", _flag, _read_flag),
    ),
    Created: (_Field("private", _flag, _read_flag), _Field("topic", _text, str)),
    Joined: (_Field("by", _text, str),),
    Left: (_Field("by", _text, str),),
    TopicSet: (_Field("topic", str, str, required=True),),
    Banned: (_Field("by", str, str, required=True),),
    Unbanned: (_Field("by", str, str, required=True),),
    Muted: (_Field("by", str, str, required=True), _Field("minutes", str, _read_number, required=True)),
    RoleSet: (_Field("by", str, str, required=True), _Field("role", str, _read_role, required=True)),
    ProfileSet: (_Field("display", str, str, required=True), _Field("picture", _text, str)),
}
_TYPE_OF: Final[dict[type[Event], str]] = {cls: name for name, cls in EVENT_TYPES.items()}
_READERS: Final = {name: {field.key: field for field in _FIELDS[cls]} for name, cls in EVENT_TYPES.items()}


class Header(NamedTuple):
    """The first line: which history this is. Another epoch is another history, whatever its seqs."""

    time: str
    epoch: str


def timestamp(nanoseconds: int) -> str:
    """A moment since 1970 as a line writes it: 2026-11-20T05:44:27.123451Z."""
    seconds, rest = divmod(nanoseconds, 1_000_000_000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest // 1000:06}Z"


def escape(value: str) -> str:
    """The value as it stands in a line: no tab, newline, control character or bidirectional override."""
    if value.isprintable() and "\\" not in value:  # every other unsafe character is unprintable, and this is quicker
        return value
    return _UNSAFE.sub(lambda match: _SHORT.get(match[0]) or f"\\u{ord(match[0]):04X}", value)


def unescape(value: str) -> str:
    """The inverse of `escape`; `RecordError` for an escape that it never writes."""
    if "\\" not in value:
        return value
    return _ESCAPED.sub(_unescaped, value)


def _unescaped(match: re.Match[str]) -> str:
    if match[1]:
        char = chr(int(match[1], 16))
        if char in _SHORT or not _UNSAFE.match(char):
            raise RecordError(f"\\u{match[1]} is no escape of this format")
        return char
    try:
        return _LONG[match[2]]
    except KeyError:
        raise RecordError(f"\\{match[2]} is no escape of this format") from None


def encode(event: Event, chain: bytes) -> tuple[bytes, bytes]:
    """`(line with its newline, the chain after it)`. The event has its seq and time already."""
    if type(event) is Message and not event.reply_to and not event.files:
        text = event.text
        if not text.isprintable() or "\\" in text:
            text = escape(text)
        line = f"{event.seq}\t{event.time}\t{event.room}\t{event.user}\tmessage\t{event.id}\ttext={text}"
    else:
        tail = "\t".join([_TYPE_OF[type(event)], event.id, *_written(event)])
        line = f"{event.seq}\t{event.time}\t{event.room}\t{event.user}\t{tail}"
    return _sealed(line.encode(), chain)


def _written(event: Event) -> list[str]:
    pairs = ((field, field.write(getattr(event, field.key))) for field in _FIELDS[type(event)])
    files = _files_written(event.files) if isinstance(event, Message) else []
    return files + [f"{field.key}={escape(value)}" for field, value in pairs if value is not None]


def _files_written(files: Sequence[File]) -> list[str]:
    written = []
    for file in files:
        written += [f"file={file.file}", f"name={escape(file.name)}", f"mime={escape(file.mime)}", f"size={file.size}"]
        if file.width:
            written.append(f"dim={file.width}x{file.height}")
    return written


def _sealed(body: bytes, chain: bytes) -> tuple[bytes, bytes]:
    digest = blake2b(chain + body, digest_size=8).digest()
    return b"%b\t~%b\n" % (body, hexlify(digest)), digest


def encode_header(header: Header) -> tuple[bytes, bytes]:
    """The first line of a new history, and the chain after it."""
    body = f"0\t{header.time}\t\t\thistory\t\tepoch={header.epoch}\tformat={FORMAT}"
    return _sealed(body.encode(), GENESIS)


def unseal(line: bytes, chain: bytes) -> tuple[bytes, bytes]:
    """`(the line without its hash and newline, the chain after it)`, or `RecordError` where the hash does not fit."""
    body = line[:-_SEAL]
    digest = blake2b(chain + body, digest_size=8).digest()
    if line[-_SEAL:] == b"\t~%b\n" % hexlify(digest):
        return body, digest
    seal_of(line)
    raise RecordError("its hash does not fit it and the line before it")


def seal_of(line: bytes) -> bytes:
    """The hash that stands at the end of a line with its newline, unchecked; `RecordError` where none stands there."""
    if not (seal := _SEALED.fullmatch(line, max(0, len(line) - _SEAL))):
        raise RecordError("it does not end with a tab, ~ and 16 hexadecimal digits")
    return bytes.fromhex(seal[1].decode())


def decode_header(line: bytes) -> tuple[Header, bytes]:
    """The first line and the chain after it, or `RecordError`."""
    body, chain = unseal(line, GENESIS)
    columns = _columns(body.decode(errors="replace"))
    if columns[0] != "0" or columns[4] != "history":
        raise RecordError("it is not the header of a Parley history")
    fields = dict(_pair(column) for column in columns[6:])
    if fields.get("format") != FORMAT:
        raise RecordError(f"its format is {fields.get('format')}, this Parley reads {FORMAT}")
    if not fields.get("epoch"):
        raise RecordError("it names no epoch")
    return Header(columns[1], fields["epoch"]), chain


def decode(line: bytes, chain: bytes) -> tuple[AnyEvent, bytes]:
    """One line with its newline, checked against the chain before it; `(event, the chain after it)`."""
    body, chain = unseal(line, chain)
    return parse(body), chain


def parse(body: bytes) -> AnyEvent:
    """The event of a line without its hash and newline (as `unseal` gives it), or `RecordError`."""
    try:
        line = body.decode()
    except UnicodeDecodeError:
        raise RecordError("it is not UTF-8") from None
    if message := _MESSAGE.fullmatch(line):  # nearly every line
        seq, time, room, user, ident, text = message.groups()
        if "\\" in text:
            text = unescape(text)
        return Message(seq=int(seq), time=time, room=room, user=user, id=ident, text=text)
    seq, time, room, user, kind, ident, *fields = _columns(line)
    if not _SEQ.fullmatch(seq):
        raise RecordError(f"{seq or 'nothing'} is no sequence number")
    if not room or not user or not ident:
        raise RecordError("its room, user or id is empty")
    readers = _READERS.get(kind)
    if readers is None:
        raise RecordError(f"{kind or 'nothing'} is no type of event that this Parley knows")
    values: dict[str, Any] = {}
    pairs = [_pair(column) for column in fields]
    if kind == "message":
        values["files"], pairs = _files_read(pairs)
    for key, value in pairs:
        if key not in readers or key in values:
            raise RecordError(f"the field {key} stands twice or does not belong to {kind}")
        values[key] = readers[key].read(value)
    missing = [key for key, field in readers.items() if field.required and key not in values]
    if missing:
        raise RecordError(f"the field {missing[0]} is missing")
    return EVENT_TYPES[kind](seq=int(seq), time=time, room=room, user=user, id=ident, **values)


def _files_read(pairs: list[tuple[str, str]]) -> tuple[tuple[File, ...], list[tuple[str, str]]]:
    """The files among the fields of a message, and its other fields."""
    files: list[dict[str, str]] = []
    others: list[tuple[str, str]] = []
    for key, value in pairs:
        if key == "file":
            files.append({key: value})
        elif key not in _FILE:
            others.append((key, value))
        elif not files or key in files[-1]:
            raise RecordError(f"the field {key} belongs to no file")
        else:
            files[-1][key] = value
    return tuple(map(_file, files)), others


def _file(fields: dict[str, str]) -> File:
    missing = _FILE - fields.keys() - {"dim"}
    if missing:
        raise RecordError(f"the field {min(missing)} of a file is missing")
    if not _SHA256.fullmatch(fields["file"]):
        raise RecordError(f"{fields['file'][:40]} is no SHA-256")
    side = _DIM.fullmatch(fields["dim"]) if "dim" in fields else None
    if "dim" in fields and not side:
        raise RecordError(f"{fields['dim'][:40]} is no width and height")
    width, height = (int(side[1]), int(side[2])) if side else (0, 0)
    size = _read_number(fields["size"])
    return File(file=fields["file"], name=fields["name"], mime=fields["mime"], size=size, width=width, height=height)


def _columns(line: str) -> list[str]:
    columns = line.split("\t")
    if len(columns) < 6:
        raise RecordError(f"it has {len(columns)} columns, a line has at least 6")
    if not _TIME.fullmatch(columns[1]):
        raise RecordError(f"{columns[1] or 'nothing'} is no time of this format")
    return columns


def _pair(column: str) -> tuple[str, str]:
    key, sign, value = column.partition("=")
    if not sign:
        raise RecordError(f"{column[:40]} is no key=value")
    return key, unescape(value)
