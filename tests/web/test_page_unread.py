"""What is unread, what of it speaks to me, and what is told as read: as on the desktop."""

import random
from datetime import UTC
from typing import Any

import msgspec
import pytest

from chatclient.events import Arrived, Connected, ReadUpTo
from chatclient.model import Changes, Model
from shared.protocol import AnyEvent, Page, Welcome
from tests.web.browser import script
from tests.web.conftest import Visit

pytestmark = pytest.mark.asyncio(loop_scope="session")
ROOMS = ("lobby", "den", "@alice,bob")
TEXTS = ("hello", "@alice look", "@room all of you", "mail@alice is no mention", "@bob you")
Step = dict[str, Any]


class Run:
    """A server's history as it grows, and the steps that a client of alice's is led through."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.events: list[dict[str, Any]] = []
        self.told = 0
        self.read = dict.fromkeys(ROOMS, 0)
        self.opened = False

    def steps(self, count: int) -> list[Step]:
        for _ in range(self.dice.randrange(12)):
            self._happens()
        self.told = len(self.events)
        steps = [self._connected(fresh=True)]
        choices = (self._arrives, self._arrives, self._arrives, self._opens, self._focuses, self._reads, self._pages)
        while len(steps) < count:
            found = self.dice.choice((*choices, self._reconnects, self._unread_from))()
            steps += [found] if isinstance(found, dict) else found
        return steps

    def _happens(self) -> dict[str, Any]:
        room = self.dice.choice(ROOMS)
        here = [event for event in self.events if event["room"] == room]
        seq = len(self.events) + 1
        user = self.dice.choice(("alice", "bob") if room[0] == "@" else ("alice", "bob", "carol"))
        time = f"2026-11-20T09:{seq // 60:02}:{seq % 60:02}.000000Z"
        prev = here[-1]["seq"] if here else 0
        head = {"seq": seq, "prev": prev, "time": time, "room": room, "id": f"i{seq}"}
        said = [event for event in here if event["type"] == "message"]
        kind = self.dice.choice(("message", "message", "message", "edited", "deleted")) if said else "message"
        event = {**head, "type": kind, "user": user}
        if kind != "message":
            of = self.dice.choice(said)
            event |= {"of": of["seq"], "user": of["user"]}
        if kind != "deleted":
            event["text"] = self.dice.choice(TEXTS)
        self.events.append(event)
        return event

    def _folded(self, room: str) -> list[dict[str, Any]]:
        """The messages of a room as history gives them."""
        found: dict[int, dict[str, Any]] = {}
        for event in self.events:
            if event["room"] != room:
                continue
            if event["type"] == "message":
                found[event["seq"]] = dict(event)
            elif event["type"] == "deleted":
                found[event["of"]] |= {"text": "", "deleted": True, "deleted_by": event["user"]}
            elif not found[event["of"]].get("deleted"):
                found[event["of"]] |= {"text": event["text"], "edited": event["time"]}
        return list(found.values())

    def _connected(self, *, fresh: bool) -> Step:
        rooms = []
        for room in ROOMS:
            last = max((event["seq"] for event in self.events if event["room"] == room), default=0)
            left = [each for each in self._folded(room) if each["seq"] > self.read[room] and each["user"] != "alice"]
            unread = [each for each in left if not each.get("deleted")]
            named = [
                each for each in unread if room[0] == "@" or "@alice" in each["text"].split() or "@room" in each["text"]
            ]
            rooms.append(
                {"room": room, "last": last, "read": self.read[room], "members": 3}
                | {"unread": len(unread), "mentions": len(named), "with": "bob" if room[0] == "@" else None}
            )
        welcome = {"type": "welcome", "protocol": 1, "server": "Harbour", "epoch": "e", "user": "alice", "rooms": rooms}
        welcome |= {"time": "2026-11-20T10:00:00.000000Z", "tip": len(self.events), "limits": {}}
        return {"type": "connected", "welcome": welcome, "fresh": fresh}

    def _arrives(self) -> Step:
        self._happens()
        self.told = len(self.events)
        return {"type": "arrived", "event": self.events[-1]}

    def _opens(self) -> Step:
        self.opened = True
        return {"type": "open", "room": self.dice.choice(ROOMS)}

    def _focuses(self) -> Step:
        return {"type": "focus", "on": self.dice.random() < 0.5}

    def _reads(self) -> Step:
        """On another device."""
        room = self.dice.choice(ROOMS)
        seqs = [event["seq"] for event in self.events if event["room"] == room and event["seq"] > self.read[room]]
        if seqs:
            self.read[room] = self.dice.choice(seqs)
        return {"type": "read", "room": room, "user": "alice", "seq": self.read[room]}

    def _pages(self) -> Step:
        room = self.dice.choice(ROOMS)
        here = self._folded(room)
        limit = self.dice.choice((2, 5, 200))
        page = {"type": "page", "room": room, "messages": here[-limit:], "through": len(self.events)}
        return {"type": "page", "room": room, "page": page | {"more_before": len(here) > limit, "more_after": False}}

    def _reconnects(self) -> list[Step]:
        """Things happen meanwhile, here and on another device; the client takes up where it was."""
        missed = [self._happens() for _ in range(self.dice.randrange(4))]
        self._reads()
        return [self._connected(fresh=False), *({"type": "arrived", "event": event} for event in missed)]

    def _unread_from(self) -> list[Step]:
        room = self.dice.choice(ROOMS)
        theirs = [each["seq"] for each in self._folded(room) if each["user"] != "alice" and not each.get("deleted")]
        page = {"type": "page", "room": room, "messages": self._folded(room), "through": len(self.events)}
        whole = {"type": "page", "room": room, "page": page | {"more_before": False, "more_after": False}}
        return [whole, {"type": "unreadFrom", "room": room, "seq": self.dice.choice(theirs)}] if theirs else []


class Desktop:
    """The same steps, for the model of the desktop."""

    def __init__(self) -> None:
        self.model = Model("alice", "Harbour", UTC)

    def take(self, step: Step) -> dict[str, Any]:
        changes: Changes = getattr(self, f"_{step['type']}")(step)
        talks = self.model.conversations.values()
        return {
            "talks": {talk.name: [talk.unread, talk.mentions, talk.read] for talk in talks},
            "reads": dict(changes.read),
        }

    def _connected(self, step: Step) -> Changes:
        return self.model.apply(Connected(msgspec.convert(step["welcome"], Welcome), step["fresh"]), 0.0)

    def _arrived(self, step: Step) -> Changes:
        return self.model.apply(Arrived(msgspec.convert(step["event"], AnyEvent)), 0.0)

    def _read(self, step: Step) -> Changes:
        return self.model.apply(ReadUpTo(step["room"], step["seq"]), 0.0)

    def _open(self, step: Step) -> Changes:
        return self.model.open(step["room"])

    def _focus(self, step: Step) -> Changes:
        return self.model.focus(step["on"])

    def _page(self, step: Step) -> Changes:
        return self.model.page(step["room"], msgspec.convert(step["page"], Page))

    def _unreadFrom(self, step: Step) -> Changes:
        return self.model.unread_from(step["room"], step["seq"])


async def test_the_page_counts_as_the_desktop_does(visit: Visit) -> None:
    visitor = await visit()
    unread = 0
    for seed in range(30):
        steps = Run(seed).steps(60)
        found = await visitor.run(script("model_steps"), steps)
        desktop = Desktop()
        for number, (step, page) in enumerate(zip(steps, found, strict=True)):
            wanted = desktop.take(step)
            assert page == wanted, f"seed {seed}, step {number}: {steps[max(0, number - 3) : number + 1]}"
            unread += sum(numbers[0] > 0 for numbers in wanted["talks"].values())
    assert unread > 500, "the runs say something about what is unread"


async def test_at_midnight_today_becomes_yesterday(visit: Visit) -> None:
    visitor = await visit()
    steps = Run(3).steps(30)
    names = await visitor.run(script("midnight"), steps)
    assert names == {"before": "Today", "kept": [], "after": "Yesterday", "drawn": True}
