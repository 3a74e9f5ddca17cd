"""What is being written to one conversation and not sent yet. No widget is touched here."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from chatclient.desktop.attached import Attached
from chatclient.gist import gist
from chatclient.quotes import START
from chatclient.rows import Row


class About(NamedTuple):
    """The message that is edited or replied to, as it was when that was chosen."""

    doing: Literal["edit", "reply"]
    row: Row

    @property
    def words(self) -> str:
        """The start of what it says, on one line; of one without a text its files."""
        return gist(self.row.text, self.row.files, START)


@dataclass
class Draft:
    """`before` is the draft that stood in the box when an edit began, and comes back after it."""

    text: str = ""
    about: About | None = None
    files: list[Attached] = field(default_factory=list)
    before: "Draft | None" = None

    @property
    def editing(self) -> bool:
        return self.about is not None and self.about.doing == "edit"

    @property
    def empty(self) -> bool:
        """Whether there is nothing that could be sent."""
        return not self.text.strip() and not self.files
