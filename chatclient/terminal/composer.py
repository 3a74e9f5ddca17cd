"""The box at the foot: what is being written for each room, what it edits or answers, and how Tab completes it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from prompt_toolkit.buffer import Buffer
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.layout.processors import Processor, Transformation, TransformationInput
from wcwidth import iter_graphemes

from chatclient import completing, emojis
from chatclient.gist import gist
from chatclient.rows import Row
from chatclient.terminal import commands
from chatclient.terminal.cells import padded, safe, sign
from chatclient.terminal.desk import Desk
from chatclient.terminal.doing import Work, original

PATHS: Final = 50
START: Final = 34
"""Characters of a message that is edited or answered: what fits over the box in 80 columns."""


@dataclass(frozen=True)
class Draft:
    """What is written in one room. `work` on `row`: it is edited or answered; `before` is the text from before that."""

    text: str = ""
    work: Work | None = None
    row: Row | None = None
    before: str = ""


class Composer:
    """`buffer` holds what is written here; `typed` is called when it changed by hand."""

    def __init__(self, desk: Desk, typed: Callable[[], object]) -> None:
        self._desk = desk
        self._room = ""
        self._drafts: dict[str, Draft] = {}
        self.draft = Draft()
        self._typed = typed
        self._loading = False
        self.buffer = Buffer(
            multiline=True,
            completer=_Offers(desk),
            complete_while_typing=False,
            on_text_changed=lambda _: self._changed(),
            on_text_insert=lambda _: self._inserted(),
        )

    @property
    def text(self) -> str:
        return self.buffer.text

    def open(self, room: str) -> None:
        """Another room: keep what was written in this one."""
        self._drafts[self._room] = replace(self.draft, text=self.text)
        self._room = room
        self._load(self._drafts.pop(room, Draft()))

    def begin(self, work: Work, row: Row) -> None:
        """Edit this row, or answer it; what stood there comes back after an edit."""
        before = self.draft.before if self.draft.work == "edit" else self.text
        if work == "edit":
            self._load(Draft(original(row), "edit", row, before))
        else:
            self._load(Draft(before, "reply", row))

    def leave(self) -> bool:
        """Edit or answer nothing any more; False where nothing was."""
        if self.draft.work is None:
            return False
        self._load(Draft(self.draft.before if self.draft.work == "edit" else self.text))
        return True

    def take(self) -> None:
        """What stood there was sent."""
        self._load(Draft(self.draft.before))

    def write(self, text: str) -> None:
        """Put this in the place of what is there."""
        self._load(replace(self.draft, text=text))

    def about(self) -> str:
        """What is edited or answered, in words; "" for nothing."""
        row = self.draft.row
        if row is None:
            return ""
        start = gist(row.text, row.files, START)
        return (
            f"Editing: {start} (Esc)"
            if self.draft.work == "edit"
            else f"Answering {row.name or row.user}: {start} (Esc)"
        )

    def _load(self, draft: Draft) -> None:
        self._loading = True
        self.draft = draft
        self.buffer.reset(Document(draft.text, len(draft.text)))
        self._loading = False

    def _changed(self) -> None:
        if not self._loading:
            if self.text and not self.text.startswith("/"):
                self._desk.client.typing(self._room)
            self._typed()

    def _inserted(self) -> None:
        """A whole `:shortcode:` becomes its emoji."""
        code, emoji = completing.finished(self.buffer.document.text_before_cursor)
        if code:
            self.buffer.delete_before_cursor(len(code))
            self.buffer.insert_text(emoji, fire_event=False)

    def complete(self, step: int = 1) -> None:
        """Tab: the one way to go on, or a list of them; the next of the list where it is there already."""
        if self.buffer.complete_state is not None:
            (self.buffer.complete_next if step > 0 else self.buffer.complete_previous)()
            return
        found = list(self.buffer.completer.get_completions(self.buffer.document, CompleteEvent()))
        if len(found) == 1:
            self.buffer.apply_completion(found[0])
        elif found:
            self.buffer.start_completion(select_first=True)


class _Offers(Completer):
    """Commands and paths at the beginning of the line; names, rooms and emoji anywhere."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        before = document.text_before_cursor
        word, space, rest = before.partition(" ")
        if before.startswith("/") and not space:
            return [
                Completion(f"{name} ", -len(before), display=name, display_meta=what)
                for name, what in commands.words()
                if name.startswith(before.lower())
            ]
        if word == "/attach":
            return _paths(rest)
        return self._tokens(before, word, rest)

    def _tokens(self, before: str, word: str, rest: str) -> Iterable[Completion]:
        desk, talk = self._desk, self._desk.current
        token = completing.token(before)
        typed = token
        if not token and word in _NAMED and " " not in rest:
            token, typed = _NAMED[word] + rest, rest  # after /msg stands a person, with or without the sign
        if not token or talk is None:
            return []
        return [
            Completion(
                offer.insert.removeprefix(token[0] if not typed.startswith(token[0]) else "") + " ",
                -len(typed),
                display=_shown(offer),
                display_meta=safe(offer.note)[:40],
            )
            for offer in completing.offers(token, desk.model, talk, desk.keep.used, emojis.TONES[desk.keep.skin])
        ]


def _shown(offer: completing.Offer) -> str:
    if offer.kind != "emoji":
        return safe(offer.insert)
    picture = safe(offer.about)
    return padded("" if picture.startswith(":") else picture, 3) + offer.label


_NAMED: Final = {"/msg": "@", "/invite": "@", "/kick": "@", "/ban": "@", "/unban": "@", "/join": "#"}


def _paths(typed: str) -> list[Completion]:
    """Files whose path begins so; one with blanks is put in quotes by hand."""
    folder, _, start = typed.rpartition("/")
    try:
        place = Path(f"{folder}/" if "/" in typed else ".").expanduser()
        found = sorted(path for path in place.iterdir() if path.name.startswith(start) and path.name[0] != ".")
    except (OSError, RuntimeError):  # no such folder; ~ of somebody who is unknown here
        return []
    return [
        Completion(path.name + ("/" if path.is_dir() else ""), -len(start), display=safe(path.name))
        for path in found[:PATHS]
    ]


class SafeInput(Processor):
    """Shows what is written as the conversation would: nothing in it commands the terminal, and widths are right."""

    def apply_transformation(self, transformation_input: TransformationInput) -> Transformation:
        text = "".join(fragment[1] for fragment in transformation_input.fragments)
        if text.isascii() and text.isprintable():
            return Transformation(transformation_input.fragments)
        shown: StyleAndTextTuples = []
        places = [0]  # where on the screen's line each character of the text begins
        at = 0
        for cluster in iter_graphemes(text):
            part = sign(cluster)
            shown.append(("", part))
            places += [at] * (len(cluster) - 1)
            at += len(part)
            places.append(at)
        return Transformation(
            shown,
            source_to_display=lambda i: places[min(i, len(places) - 1)] + max(i - len(places) + 1, 0),
            display_to_source=lambda i: next((j for j, place in enumerate(places) if place >= i), len(places) - 1),
        )
