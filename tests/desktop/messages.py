"""The messages in the open conversation of a house: finding one, pointing at it, opening its menu."""

from typing import Any

from chatclient.desktop.messagemenu import Deed, MessageMenu
from chatclient.desktop.strip import Live
from chatclient.rows import Row
from tests.desktop.house import House


class Messages:
    def __init__(self, house: House) -> None:
        self.house = house

    @property
    def rows(self) -> list[Row]:
        assert self.house.chat.current is not None
        timeline = self.house.chat.current.timeline
        return [timeline.row(index) for index in range(timeline.count)]

    def row(self, start: str) -> Row:
        """The newest that begins so; the test fails where it does not come."""
        self.house.hands.until(lambda: self._find(start), f"the message {start!r}")
        found = self._find(start)
        assert found is not None
        return found

    def _find(self, start: str) -> Row | None:
        return next((row for row in reversed(self.rows) if row.text.startswith(start) and row.kind != "notice"), None)

    def sent(self, text: str) -> Row:
        """Say it, and wait until it stands."""
        house = self.house
        house.chat.composer.focus_in()
        house.hands.type(text)
        house.hands.keys("Return")
        house.hands.until(lambda: (row := self._find(text)) and row.state == "sent", f"the echo of {text!r}")
        return self.row(text)

    def heard(self, kind: str) -> dict[str, Any]:
        """What bob hears next of this kind from alice."""
        while True:
            event = self.house.bob.hear(kind)
            if event["user"] == "alice":
                return event

    def live(self, start: str) -> Live:
        key = self.row(start).key
        return next(live for live in self.house.chat.view.live if live.row.key == key)

    def box(self, start: str) -> tuple[int, int, int, int]:
        """Its bubble in the view."""
        return self.house.chat.view.hover.box(self.live(start))

    def target(self, start: str, value: str) -> tuple[int, int]:
        """The middle of what can be clicked in it, in the view."""
        live = self.live(start)
        target = next(target for target in live.drawing.targets if target.value == value)
        return (
            target.x + target.width // 2,
            live.y - self.house.chat.view.top + target.y + target.height // 2,
        )

    def click(self, start: str, value: str) -> None:
        self.house.hands.click(self.house.chat.view, *self.target(start, value))

    def point(self, start: str) -> None:
        """The pointer on its bubble."""
        x, y, width, height = self.box(start)
        self.house.hands.point(self.house.chat.view, x + width // 2, y + height - 6)

    def right_click(self, start: str) -> MessageMenu:
        x, y, width, height = self.box(start)
        self.house.hands.click(self.house.chat.view, x + width // 2, y + height - 6, button=3)
        return self.menu

    @property
    def menu(self) -> MessageMenu:
        """The open menu of a message."""
        menu = self.house.app.overlay.current
        assert isinstance(menu, MessageMenu)
        return menu

    @property
    def offered(self) -> list[str]:
        """What the open menu offers, from the top down."""
        return [line.text for line in self.menu.rows.lines if isinstance(line, Deed)]

    def choose(self, text: str) -> None:
        """Click a line of the open menu."""
        rows = self.menu.rows
        index = next(i for i, line in enumerate(rows.lines) if isinstance(line, Deed) and line.text == text)
        self.house.hands.click(rows, 60, rows.top_of(index) + 16)

    def press_bar(self, what: str) -> None:
        """Click an emoji or an icon on the bar over a message."""
        bar = self.house.chat.talk.acts.bar
        self.house.hands.until(bar.winfo_ismapped, "the bar")
        self.house.hands.click(bar, *bar.middle(what))
