"""How wide a text is: what the layout asks. Pure; `fonts.TkMeasurer` answers, and tests count characters."""

from typing import Protocol


class Measurer(Protocol):
    """Fonts go by their key in `theme.FONTS`; all answers are whole pixels."""

    def width(self, font: str, text: str) -> int: ...

    def height(self, font: str) -> int:
        """From the top of the highest letter to the bottom of the lowest."""

    def ascent(self, font: str) -> int:
        """From the top to the line that letters stand on."""
