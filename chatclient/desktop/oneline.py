"""A dialog of one field: a line that stands already, and is changed."""

from collections.abc import Callable
from typing import NamedTuple

from chatclient.desktop.dialogs import Dialog
from chatclient.desktop.field import Field
from chatclient.desktop.look import Look
from chatclient.desktop.popover import Overlay
from shared.errors import Refused
from shared.rules import DISPLAY, NOTE, TOPIC, display_name, note, topic


class Wording(NamedTuple):
    """What is said: the title, what the field is called, the word on the button, and what stands in the empty field."""

    title: str
    label: str
    word: str
    hint: str = ""
    placeholder: str = ""


class OneLine(Dialog):
    """`rule` makes the text what it may be, or raises `Refused`; `change` gets that, where it is not `current`."""

    def __init__(
        self,
        overlay: Overlay,
        look: Look,
        wording: Wording,
        current: str,
        rule: Callable[[str], str],
        limit: int,
        change: Callable[[str], object],
    ) -> None:
        super().__init__(overlay, look, wording.title)
        self._current, self._rule, self._change = current, rule, change
        self.line = Field(
            self.inner,
            look,
            wording.label,
            ground="popover",
            hint=wording.hint,
            placeholder=wording.placeholder,
            limit=limit,
            on_change=self._changed,
            on_enter=self.submit,
        )
        self.add(self.line, 0)
        self.button = self.finish_with(wording.word, self.submit)
        self.line.set(current)
        self._changed()

    def typed(self) -> bool:
        return self.line.text != self._current

    def first_focus(self) -> None:
        self.line.focus_in()

    def submit(self) -> None:
        if self.button.enabled:
            self.close()
            self._change(self._rule(self.line.text))

    def _changed(self) -> None:
        try:
            self.button.enable(self._rule(self.line.text) != self._current)
        except Refused as refused:
            self.line.fail(refused.message)
            self.button.enable(False)


def topic_of(overlay: Overlay, look: Look, room: str, current: str, change: Callable[[str], object]) -> OneLine:
    """What this room is about."""
    wording = Wording(f"Topic of {room}", "Topic", "Set topic")
    return OneLine(overlay, look, wording, current, topic, TOPIC, change)


def own_note(overlay: Overlay, look: Look, current: str, change: Callable[[str], object]) -> OneLine:
    """What stands beside my state."""
    wording = Wording("Your note", "What others see beside your name", "Set note")
    return OneLine(overlay, look, wording, current, note, NOTE, change)


def own_name(overlay: Overlay, look: Look, me: str, current: str, change: Callable[[str], object]) -> OneLine:
    """What others are to call me."""
    hint = f"Empty: {me}. Your sign-in name and @{me} stay as they are."
    wording = Wording("Change name", "Name that others see", "Change name", hint, me)
    return OneLine(overlay, look, wording, current, display_name, DISPLAY, change)
