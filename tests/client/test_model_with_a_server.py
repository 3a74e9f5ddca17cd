"""What a model made of live events, and what another made of pages of a real server, show the same."""

import random
from typing import Any

from chatclient.events import Delivered
from chatclient.rows import Row
from shared.protocol import Message
from tests.client.test_with_a_server import Person, all_present, present


class Teller(Person):
    """Knows which of its changes the server has taken."""

    def __init__(self, port: int, name: str) -> None:
        super().__init__(port, name)
        self.taken: dict[str, int] = {}

    async def follow(self) -> None:
        async for event in self.client.events():
            self.model.apply(event, 1_800_000_000.0)
            if isinstance(event, Delivered):
                self.taken[event.id] = event.seq
            self.changed.set()

    async def do(self, ident: str) -> int:
        """Wait until the server has taken this change; gives its seq."""
        await self.until(lambda: ident in self.taken)
        return self.taken[ident]

    async def reach(self, seq: int) -> None:
        await self.until(lambda: self.model.conversations["lobby"].last >= seq)


def shown(person: Person) -> list[Row]:
    """The messages, less what belongs to the reader; who deleted one is of no matter here."""
    timeline = person.model.conversations["lobby"].timeline
    found = [row for row in map(timeline.row, range(timeline.count)) if row.kind != "notice"]
    return [
        row._replace(
            text=row.text if row.kind == "message" else "",
            own=False,
            deeds=frozenset(),
            reactions=(),
            first=False,
            last=False,
            unread=False,
            day="",
        )
        for row in found
    ]


def reactions(person: Person) -> list[list[tuple[str, int, tuple[str, ...]]]]:
    timeline = person.model.conversations["lobby"].timeline
    found = [row for row in map(timeline.row, range(timeline.count)) if row.kind != "notice"]
    return [[(each.emoji, each.count, each.names) for each in row.reactions] for row in found]


async def test_pages_and_events_show_the_same(server: Any) -> None:
    chance = random.Random(4)
    alice, bob = people = Teller(server.port, "alice"), Teller(server.port, "bob")
    async with all_present(*people):
        sent = 0
        for step in range(60):
            one = chance.choice(people)
            timeline = bob.model.conversations["lobby"].timeline
            rows = [row for row in map(timeline.row, range(timeline.count)) if row.kind == "message"]
            row = chance.choice(rows) if len(rows) > 4 else None
            kind = chance.choice(["send", "send", "reply", "edit", "delete", "react", "react"])
            if row is None or kind in ("send", "reply"):
                ident = one.client.send("lobby", f"text {step}", reply_to=row.seq if row and kind == "reply" else 0)
                sent += 1
            elif kind == "react":
                ident = one.client.react("lobby", row.seq, chance.choice("👍🎉"), remove=chance.random() < 0.3)
            else:
                one = alice if row.user == "alice" else bob
                edits = kind == "edit"
                ident = one.client.edit("lobby", row.seq, str(step)) if edits else one.client.delete("lobby", row.seq)
            seq = await one.do(ident)
            for person in people:
                await person.reach(seq)
        assert len(shown(bob)) == sent and shown(bob) == shown(alice)
        async with present(server.port, "carol") as (carol,):
            await carol.until(lambda: "lobby" in carol.model.conversations)
            while not carol.model.conversations["lobby"].complete_before:
                before = carol.model.conversations["lobby"].timeline.first_seq
                page = await carol.client.history("lobby", before=before or None, limit=7)
                carol.model.page("lobby", page, before)
            assert shown(carol) == shown(bob) and reactions(carol) == reactions(bob)
            assert {row.kind for row in shown(carol)} == {"message", "tombstone"}
            seq = shown(carol)[0].seq
            assert isinstance((await carol.client.around("lobby", seq, limit=1)).messages[0], Message)
