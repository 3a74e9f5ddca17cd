"""The pure modules of the page, run in the browser: the rules that every client shares, and what stands on them."""

import json
from pathlib import Path
from typing import Any

import pytest

from chatclient.desktop.theme import colour_index
from chatclient.notices import people
from chatclient.sizes import progress, size
from shared.mentions import mentioned
from shared.rights import DEEDS, may
from shared.rules import direct_name
from tests.web.browser import script
from tests.web.conftest import Visit

pytestmark = pytest.mark.asyncio(loop_scope="session")
SAMPLES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "shared" / "markup_samples.json").read_text("utf-8")
)


async def test_markup_is_read_as_everywhere(visit: Visit) -> None:
    visitor = await visit()
    found = await visitor.run(
        script("markup"),
        SAMPLES,
    )
    for sample, blocks in zip(SAMPLES, found, strict=True):
        assert blocks == sample["blocks"], sample["text"]


async def test_hostile_texts_take_linear_time(visit: Visit) -> None:
    """No clock: what is quadratic would take minutes here, and the test would run into its limit."""
    visitor = await visit()
    done = await visitor.run(script("hostile"))
    assert done == 12


async def test_names_sizes_and_rights_are_those_of_the_other_clients(visit: Visit) -> None:
    visitor = await visit()
    names = [
        "alice",
        "Bob",
        "дима",
        "上海",
        "a.b-c_d",
        "Zoë",
        "x" * 32,
        "上海上海上海上海上海上海上海上海上海上海上海上海上海上海上海上海",
    ]
    counts = [0, 1, 999, 1024, 1500, 1048576, 5 * 1048576 + 300000, 123456789, 10**12]
    texts = [
        "@alice",
        "hi @Alice.",
        "mail@alice",
        "@room!",
        "@alicia",
        "(@alice)",
        "@alice-",
        "ａ@ＡＬＩＣＥ",
        "@ＡＬＩＣＥ",
    ]
    rooms = ["lobby", "den", "@a,b"]
    roles = ["member", "moderator", "owner"]
    found = await visitor.run(
        script("shared_rules"),
        {"names": names, "counts": counts[:8], "texts": texts, "rooms": rooms, "roles": roles, "deeds": list(DEEDS)},
    )
    assert found["colours"] == [colour_index(name) for name in names]
    assert found["direct"] == [direct_name("bob", name) for name in names]
    assert found["sizes"] == [size(count) for count in counts[:8]]
    assert found["progress"] == [progress(count // 2, count) for count in counts[:8]]
    assert found["mentioned"] == [mentioned(text, "alice") for text in texts]
    assert found["people"] == [people(names[:n]) for n in (1, 2, 3, 4, 6)]
    assert found["may"] == [
        may(deed, room, role, to, one)  # type: ignore[arg-type]  # the roles are plain strings here
        for deed in DEEDS
        for room in rooms
        for role in roles
        for to in roles
        for one in (False, True)
    ]


async def test_a_timeline_holds_each_event_once_whichever_way_it_came(visit: Visit) -> None:
    """A thousand runs of pages, live events, jumps and changes in odd orders end as the history is."""
    visitor = await visit()
    wrong = await visitor.run(script("timeline_runs"))
    assert wrong == []


async def test_what_was_missed_is_asked_for_until_it_comes_and_a_second_tab_does_nothing_twice(visit: Visit) -> None:
    """The server refuses to say what was missed, once; and what was refused here is given up in another tab."""
    visitor = await visit()
    found = await visitor.run(script("client_steps"))
    assert found == {
        "syncs": [5, 5],
        "arrived": [7, 10],
        "posts": [["files", "id", "room", "text", "type"]],
        "last": "discarded",
    }
