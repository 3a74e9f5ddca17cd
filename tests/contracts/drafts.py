"""What the suites hand to a log, and how they wait for it."""

from collections.abc import Iterable, Sequence
from contextlib import aclosing
from itertools import count

from chatserver.log.contract import Batch, Log
from shared.protocol import AnyEvent, Deleted, Edited, File, Message, Reacted

_ids = count(1)


class Clock:
    """Nanoseconds since 1970, moved by hand; a millisecond passes with each look."""

    def __init__(self) -> None:
        self.now = 1_800_000_000_000_000_000

    def __call__(self) -> int:
        self.now += 1_000_000
        return self.now


def say(
    text: str,
    ident: str = "",
    *,
    room: str = "general",
    user: str = "alice",
    reply_to: int = 0,
    files: Sequence[File] = (),
) -> Message:
    return Message(room=room, user=user, id=ident or f"~{next(_ids)}", text=text, reply_to=reply_to, files=tuple(files))


def edit(of: int, text: str, *, room: str = "general", user: str = "alice") -> Edited:
    return Edited(room=room, user=user, id=f"~{next(_ids)}", of=of, text=text)


def delete(of: int, *, room: str = "general", user: str = "alice") -> Deleted:
    return Deleted(room=room, user=user, id=f"~{next(_ids)}", of=of)


def react(of: int, emoji: str, user: str = "bob", *, room: str = "general", removed: bool = False) -> Reacted:
    return Reacted(room=room, user=user, id=f"~{next(_ids)}", of=of, emoji=emoji, removed=removed)


def picture(digit: str, name: str = "cat.png") -> File:
    """A picture whose hash is this digit 64 times."""
    return File(file=digit * 64, name=name, mime="image/png", size=48_213, width=640, height=480)


def seqs(events: Iterable[AnyEvent]) -> list[int]:
    return [event.seq for event in events]


async def outcomes(log: Log, count: int, after: int = 0) -> Batch:
    """The next `count` outcomes of `follow`, in one batch."""
    whole = Batch([], [], [])
    async with aclosing(log.follow(after)) as batches:  # type: ignore[type-var]  # an async generator behind its interface
        async for batch in batches:
            whole = Batch(*([*old, *new] for old, new in zip(whole, batch, strict=True)))
            if sum(map(len, whole)) >= count:
                return whole
    return whole


async def store(log: Log, *drafts: AnyEvent) -> list[AnyEvent]:
    """Submit them and wait for them all to be stored."""
    tip = log.tip
    for draft in drafts:
        log.submit(draft)
    return list((await outcomes(log, len(drafts), tip)).stored)
