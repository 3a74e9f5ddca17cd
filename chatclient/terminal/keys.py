"""Which key does what: one table. `helping` has the words for it.

Only keys that every terminal sends, through ssh, screen and tmux too: so Alt+Enter or Ctrl+J breaks the line, where the
window has Shift+Enter.
"""

from collections.abc import Callable
from typing import Final

from prompt_toolkit.filters import Always, Condition, Filter
from prompt_toolkit.input.ansi_escape_sequences import ANSI_SEQUENCES
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

from chatclient.terminal.screen import Screen

PAGE: Final = 10
"""Lines that Page Down goes in a list."""


def bindings(screen: Screen, suspend: Callable[[], object]) -> KeyBindings:
    """The keys of this screen; `suspend` is Ctrl+Z."""
    view, composer, desk = screen.view, screen.composer, screen.desk
    box = composer.buffer
    picking = Condition(lambda: screen.picker is not None)
    asked = Condition(lambda: screen.asked)
    offering = Condition(lambda: box.complete_state is not None)
    empty = Condition(lambda: not composer.text)
    talking = ~picking & ~asked

    def step(by: int) -> Callable[[], object]:
        return lambda: screen.picker.step(by) if screen.picker is not None else None

    table: tuple[tuple[tuple[str, ...], Filter, Callable[[], object]], ...] = (
        (("enter",), ~asked, screen.enter),
        (("escape", "enter"), talking, lambda: box.insert_text("\n")),
        (("c-j",), talking, lambda: box.insert_text("\n")),
        (("escape",), Always(), screen.escape),
        (("tab",), talking, composer.complete),
        (("s-tab",), talking, lambda: composer.complete(-1)),
        (("up",), picking, step(-1)),
        (("down",), picking, step(1)),
        (("tab",), picking, step(1)),
        (("pageup",), picking, step(-PAGE)),
        (("pagedown",), picking, step(PAGE)),
        (("up",), talking & offering, lambda: composer.complete(-1)),
        (("down",), talking & offering, composer.complete),
        (("up",), talking & ~offering & empty, screen.edit_last),
        (("up",), talking & ~offering & ~empty, box.cursor_up),
        (("down",), talking & ~offering, box.cursor_down),
        (("escape", "up"), talking, lambda: desk.step(-1)),
        (("escape", "down"), talking, lambda: desk.step(1)),
        (_sent("\x1b[1;4A"), talking, lambda: desk.step(-1, unread=True)),
        (_sent("\x1b[1;4B"), talking, lambda: desk.step(1, unread=True)),
        (("c-k",), ~asked, lambda: screen.close_picker() if screen.picker is not None else screen.jump()),
        (("c-f",), talking, lambda: composer.write("/search ")),
        (("f1",), talking, screen.help),
        (("c-_",), talking, screen.help),
        (("f2",), talking, screen.toggle_members),
        (("pageup",), talking, lambda: view.page(-1)),
        (("pagedown",), talking, lambda: view.page(1)),
        (("c-home",), talking, view.to_start),
        (("c-end",), talking, screen.to_end),
        (("c-up",), talking, lambda: view.choose(-1)),
        (("c-down",), talking, lambda: view.choose(1)),
        (("c-p",), talking, lambda: view.choose(-1)),
        (("c-n",), talking, lambda: view.choose(1)),
        (("escape", "r"), talking, lambda: screen.command("/reply")),
        (("escape", "e"), talking, lambda: screen.command("/edit")),
        (("escape", "d"), talking, lambda: screen.command("/delete")),
        (("y",), asked, lambda: screen.answer(True)),
        (("Y",), asked, lambda: screen.answer(True)),
        (("<any>",), asked, lambda: screen.answer(False)),
        (("c-q",), Always(), screen.quit),
        (("c-d",), talking & empty, screen.quit),
        (("c-c",), Always(), screen.interrupt),
        (("c-z",), talking, suspend),
    )
    made = KeyBindings()
    for pressed, when, do in table:
        made.add(*pressed, filter=when)(_handler(do))
    return made


def _sent(sequence: str) -> tuple[str, ...]:
    """The keys as which prompt_toolkit reads this: it takes Alt+Shift+↑ for Alt+Shift+↓ and the other way round."""
    keys = ANSI_SEQUENCES[sequence]
    return tuple(key.value for key in (keys if isinstance(keys, tuple) else (keys,)))


def _handler(do: Callable[[], object]) -> Callable[[KeyPressEvent], None]:
    def handle(event: KeyPressEvent) -> None:
        do()
        event.app.invalidate()

    return handle
