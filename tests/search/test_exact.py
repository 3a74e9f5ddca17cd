"""Whatever was said and changed, and however far the full text has come: the answers are those of a naive look."""

import asyncio
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatserver.index import search
from chatserver.log.contract import Log
from chatserver.log.memory import MemoryLog
from chatserver.log.textfile import TextLog
from shared.protocol import AnyEvent, Deleted, Edited, File, Message, Reacted
from tests.log.histories import store
from tests.search.histories import all_of, pages, small, until_fed

__all__ = ["small"]
ROOMS = ["tea", "garden", "@alice,bob", "строй"]
PEOPLE = ["alice", "bob", "Ünal"]
PIECES = [
    *["a", "b", "ab", "aba", " ", "  ", "\n", "\t", "ß", "ss", "STRASSE", "straße", "é", "e\u0301", "ſ"],
    *["上", "海", "上海", "上海灘", "Привет", "ПРИВЕТ", "😀", "👍🏽", "👍", "👨‍👩‍👧", "❤️", "❤", "🇩🇪", "1️⃣"],
    *["'", '"', "%", "_", "*", "OR", "-", "\\", "\\n", "\x00", "\x01", "\xa0", "\u2420", "\ue000", "\ue0001", "İ", "ﬁ"],
]
CAT = File(file="9f2c" * 16, name="cat.png", mime="image/png", size=5)
texts = st.lists(st.sampled_from(PIECES), min_size=1, max_size=8).map("".join)
sought = st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map("".join).filter(search.folded)


attached = st.sampled_from([(), (), (), (CAT,)])


@st.composite
def histories(draw: st.DrawFn) -> list[AnyEvent]:
    """Messages, and changes of messages that mostly are there; some of the rules are broken on purpose."""
    drafts: list[AnyEvent] = []
    for n in range(draw(st.integers(5, 70))):
        user = draw(st.sampled_from(PEOPLE))
        kind = draw(st.sampled_from(["say", "say", "say", "edit", "edit", "delete", "react"]))
        of = draw(st.integers(1, max(1, n)))
        target = drafts[of - 1] if of <= len(drafts) else None
        room = target.room if target and kind != "say" else draw(st.sampled_from(ROOMS))
        match kind:
            case "edit":
                drafts.append(Edited(room=room, user=user, id=f"{n}", of=of, text=draw(texts)))
            case "delete":
                drafts.append(Deleted(room=room, user=user, id=f"{n}", of=of))
            case "react":
                drafts.append(Reacted(room=room, user=user, id=f"{n}", of=of, emoji="👍"))
            case _:
                drafts.append(Message(room=room, user=user, id=f"{n}", text=draw(texts), files=draw(attached)))
    return drafts


@st.composite
def questions(draw: st.DrawFn) -> dict[str, Any]:
    files = draw(st.booleans())
    return {
        "text": draw(sought | st.just("")) if files else draw(sought),
        "files": files,
        "rooms": draw(st.sets(st.sampled_from(ROOMS), min_size=1)),
        "user": draw(st.none() | st.sampled_from(PEOPLE)),
        "limit": draw(st.integers(1, 7)),
        "since": draw(st.none() | st.integers(0, 70)),
        "until": draw(st.none() | st.integers(0, 70)),
    }


def asked_for(question: dict[str, Any], model: MemoryLog) -> dict[str, Any]:
    """The same, with the times of events in the place of their numbers."""
    asked = dict(question)
    for edge in ("since", "until"):
        if (at := question[edge]) is not None:
            asked[edge] = model.history[min(at, len(model.history) - 1)].time
    return asked


async def agrees(log: Log, model: MemoryLog, question: dict[str, Any]) -> None:
    asked = asked_for(question, model)
    limit = asked.pop("limit")
    found = await pages(log.index, limit=limit, **asked)
    assert all(len(page.messages) <= limit and page.through == log.tip for page in found)
    messages = [message for page in found for message in page.messages]
    assert messages == await all_of(model, **asked)


@pytest.mark.slow
@pytest.mark.usefixtures("small")
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(histories(), histories(), st.lists(questions(), min_size=1, max_size=6), st.booleans(), st.booleans())
def test_the_answers_are_those_of_a_naive_look(
    first: list[AnyEvent],
    second: list[AnyEvent],
    asked: list[dict[str, Any]],
    waits: bool,
    hurries: bool,
) -> None:
    """The second part is said after a restart. `waits`: until the full text has nearly all. `hurries`: every answer
    ends after one step."""

    async def run(folder: Path) -> None:
        model = MemoryLog()
        for part, drafts in enumerate([first, second]):
            for draft in drafts:
                draft.id = f"{part}-{draft.id}"
            log = TextLog.open(folder)
            try:
                for begin in range(0, len(drafts), 9):
                    model.history += (await store(log, *drafts[begin : begin + 9])).stored
                    if part:
                        await agrees(log, model, asked[0])
                if waits:
                    await log.index.caught_up()
                    await until_fed(folder, log.tip - 8)
                for question in asked:
                    await agrees(log, model, question)
            finally:
                await log.close()

    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "BUDGET", -1.0 if hurries else 10.0)
        asyncio.run(run(Path(folder)))
