"""A file in its bubble: the tile of its type, its name, its size, and a button that saves it. Pure."""

from typing import Final

from chatclient.desktop.attached import letters
from chatclient.desktop.operations import Box, Icon, Target
from chatclient.desktop.sheet import Look, Sheet
from chatclient.desktop.spans import plain
from chatclient.desktop.wrapping import elided_middle
from chatclient.sizes import size
from shared.protocol import File

_TILES: Final = {"PDF": "pdf_tile"}


class FileBox:
    """File `index` of a message: a click opens it, one on its button saves it."""

    def __init__(self, index: int, file: File, limit: int, sheet: Sheet) -> None:
        m, measurer = sheet.m, sheet.measurer
        self._index, self._file = index, file
        self.width, self.height = min(limit, m.file), m.file_row
        room = self.width - m.file_tile - 2 * m.file_gap - m.file_button
        self._name = elided_middle(plain(file.name) or "file", max(m.line, room), measurer, "body_semibold")

    def place(self, sheet: Sheet, x: int, y: int, inner: int, look: Look) -> None:
        m, measurer, type_ = sheet.m, sheet.measurer, letters(self._file.name)
        own = look.ground == "own"
        top = y + (m.file_row - m.file_tile) // 2
        tile, ink = (look.text, look.quote) if own else (_TILES.get(type_, "file_tile"), "own_text")
        sheet.put(Box(x, top, m.file_tile, m.file_tile, m.file_radius, tile, look.ground))
        wide = measurer.width("tag_bold", type_)
        sheet.text(x + (m.file_tile - wide + 1) // 2, top, m.file_tile, type_, "tag_bold", ink)
        left, line = x + m.file_tile + m.file_gap, m.line
        above = y + (m.file_row - line - m.small_line) // 2
        sheet.text(left, above, line, self._name, "body_semibold", look.text)
        sheet.text(left, above + line, m.small_line, size(self._file.size), "small", look.muted)
        button = m.file_button
        right, high = x + inner - button, y + (m.file_row - button) // 2
        inset = (button - m.file_icon) // 2
        sheet.put(Box(right, high, button, button, m.file_radius, look.quote, look.ground))
        sheet.put(Icon(right + inset, high + inset, "download", m.file_icon, look.text, look.quote))
        if not self._file.file.startswith("~"):
            save = Target(right, high, button, button, "action", f"save-file:{self._index}", "Save")
            sheet.targets.append(save)
        whole = Target(x, y, inner, m.file_row, "action", f"open-file:{self._index}", self._tip())
        sheet.targets.append(whole)

    def _tip(self) -> str:
        """The whole name, where it is cut."""
        return plain(self._file.name) if "…" in self._name else ""
