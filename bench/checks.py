"""What every run must hold, whoever the server is: everybody got every message exactly once, in one order.

Checked after the load, on bytes: the witness's stream line by line, every other stream against it.
"""

from bench.crowd import Crowd
from bench.dialects import Dialect, Said, name
from bench.process import BenchError


def check_streams(crowd: Crowd, posted: list[str], begins: dict[int, int]) -> list[Said]:
    """`posted` are the keys that were sent; `begins` is what `keep_all` returned. Returns the witness's messages."""
    stream = b"".join(crowd.kept[crowd.witness] or ())
    said = check_witness(crowd.dialect, stream, posted)
    due = crowd.dialect.answer_bytes(stream)
    for place in range(crowd.people):
        expected = len(stream) + due[name(place)]
        if crowd.received[place] != expected:
            raise BenchError(f"{name(place)} got {crowd.received[place]:,} bytes, {expected:,} were due.")
        check_end(crowd.dialect, stream, b"".join(crowd.kept[place] or ()), whole=place not in begins)
    return said


def check_witness(dialect: Dialect, stream: bytes, posted: list[str]) -> list[Said]:
    """The messages of a whole stream: each that was posted once, those of one person in the order they were posted."""
    said = dialect.messages(stream)
    keys = [message.text.partition(" ")[0] for message in said]
    if len(set(keys)) != len(keys):
        raise BenchError(f"{len(keys) - len(set(keys)):,} messages came more than once.")
    if len(keys) != len(posted) or set(keys) != set(posted):
        raise BenchError(f"{len(posted):,} messages were posted, {len(set(posted) & set(keys)):,} of them came.")
    newest: dict[str, str] = {}
    for message, key in zip(said, keys, strict=True):
        if key <= newest.get(message.user, ""):
            raise BenchError(f"{message.user} said {key} after {newest[message.user]}, but it came before.")
        newest[message.user] = key
    return said


def check_end(dialect: Dialect, stream: bytes, end: bytes, whole: bool) -> None:
    """The last part of a stream (all of it where `whole`), less the answers, is the end of the witness's stream."""
    if not whole:
        end = end.partition(b"\n")[2]
    lines = [line for line in end.splitlines(keepends=True) if not dialect.is_answer(line)]
    joined = b"".join(lines)
    if not stream.endswith(joined) or (whole and len(joined) != len(stream)):
        raise BenchError("A stream differs from the others.")
