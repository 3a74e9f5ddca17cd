"""My own picture: chosen from a file, cut to a square, brought to the server, and told to everybody."""

import io
import tkinter as tk
from collections.abc import Callable, Sequence
from pathlib import Path
from tkinter import filedialog
from typing import Final

from chatclient.desktop.deeds import Deeds
from chatclient.desktop.smallpicture import square
from chatclient.events import ClientEvent, Uploaded, UploadFailed

SENT: Final = 512
"""Pixels of the square that is sent."""
KINDS: Final = (("Pictures", "*.png *.jpg *.jpeg *.gif *.webp *.bmp"), ("All files", "*"))


class OwnPicture:
    """`failed` is told why it came to nothing while it was on its way, `complain` what is wrong with the file."""

    def __init__(
        self,
        master: tk.Misc,
        deeds: Deeds,
        failed: Callable[[str], object],
        complain: Callable[[str], object],
    ) -> None:
        self._master, self._deeds, self._failed, self._complain = master, deeds, failed, complain
        self._upload = ""

    def choose(self) -> None:
        """Ask for a file, and use it."""
        chosen = filedialog.askopenfilename(parent=self._master, title="Choose a picture", filetypes=KINDS)
        if chosen:
            self.use(Path(chosen))

    def use(self, path: Path) -> None:
        """Be shown by this picture."""
        self._complain("")
        self._deeds.beside(lambda: prepared(path), lambda data: self._send(path, data))

    def remove(self) -> None:
        """Be shown by a letter."""
        self._complain("")
        self._deeds.set_profile(picture="")

    def _send(self, path: Path, data: bytes | None) -> None:
        if data is None:
            self._complain(f"{path.name} is no picture that can be read. Choose a PNG, JPEG, GIF or WebP.")
        else:
            self._deeds.attach(None, data, "picture.png", self._begun, self._failed)

    def _begun(self, upload: str) -> None:
        self._upload = upload

    def heard(self, events: Sequence[ClientEvent]) -> None:
        """What becomes of the upload."""
        for event in events:
            if isinstance(event, Uploaded) and event.upload == self._upload:
                self._upload = ""
                self._deeds.set_profile(picture=event.file.file)
            elif isinstance(event, UploadFailed) and event.upload == self._upload:
                self._upload = ""
                self._failed(event.message)


def prepared(path: Path) -> bytes | None:
    """The file as a square PNG, or None where it is no picture. Not for the Tk thread."""
    picture = square(path, SENT)
    if picture is None:
        return None
    data = io.BytesIO()
    picture.save(data, "PNG", optimize=True)
    return data.getvalue()
