"""A file that is to go with a message: how far its upload is, and what its tile says. No widget is touched here."""

from dataclasses import dataclass
from typing import Final, Literal

from PIL import Image

from chatclient.sizes import progress, size

State = Literal["waiting", "going", "there", "failed"]
_LONGEST: Final = 4  # letters on a tile


@dataclass(eq=False)
class Attached:
    """`upload` is the client's id of it, "" until the client has taken it over.

    picture   how it looks, small, where it is a picture and could be read
    reason    why it failed, one sentence
    dropped   it was taken out again
    """

    name: str
    total: int
    upload: str = ""
    sent: int = 0
    state: State = "waiting"
    reason: str = ""
    picture: Image.Image | None = None
    dropped: bool = False

    @property
    def under_way(self) -> bool:
        return self.state in ("waiting", "going")

    @property
    def words(self) -> str:
        """What stands under its name."""
        match self.state:
            case "waiting":
                return f"{size(self.total)}, waiting"
            case "going":
                return progress(self.sent, self.total)
            case "there":
                return size(self.total)
            case "failed":
                return "Did not arrive."

    @property
    def share(self) -> float:
        """How much of it is up, 0 to 1."""
        return self.sent / self.total if self.total else 1.0


def letters(name: str) -> str:
    """What its tile shows for its type: `PDF`; `FILE` where the name says nothing."""
    _, dot, ending = name.rpartition(".")
    return ending.upper() if dot and 0 < len(ending) <= _LONGEST and ending.isalnum() else "FILE"


def unfinished(files: list[Attached]) -> str:
    """Why a message with these files cannot be sent yet, one sentence; "" where it can."""
    failed = next((file for file in files if file.state == "failed"), None)
    if failed is not None:
        return f"{failed.name} did not arrive. Try it again, or take it out."
    going = sum(file.under_way for file in files)
    if going == 1:
        return "One file is still on its way."
    return f"{going} files are still on their way." if going else ""
