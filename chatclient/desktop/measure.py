"""How wide a text is: what the layout asks. Pure; `fonts.TkMeasurer` answers, and tests count characters."""

from typing import Protocol


class Measurer(Protocol):
    """Fonts go by their key in `theme.FONTS`; all answers are whole pixels."""

    def width(self, font: str, text: str) -> int: ...

    def height(self, font: str) -> int:
        """From the top of the highest letter to the bottom of the lowest."""

    def visual(self, text: str) -> str:
        """A run from right to left as the screen's text system is to be given it: most turn and join it themselves."""

    def line(self, text: str) -> str:
        """The same for a whole line, whatever directions it has."""

    def ascent(self, font: str) -> int:
        """From the top to the line that letters stand on."""
