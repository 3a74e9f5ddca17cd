"""The files over the text of a house's composer."""

from chatclient.desktop.attached import Attached
from tests.desktop.house import House


def tiles(house: House) -> list[tuple[str, str, str]]:
    """Name, state and words of what stands over the text."""
    return [(file.name, file.state, file.words) for file in house.chat.composer._tiles.files]


def up(house: House, count: int = 1) -> list[Attached]:
    """Wait until so many files are up."""
    composer = house.chat.composer
    house.hands.until(lambda: [f.state for f in composer.draft.files] == ["there"] * count, "the upload")
    return composer.draft.files
