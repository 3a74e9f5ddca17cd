"""The pictures of people: fetched when they are known of, made small, and shown wherever somebody's avatar stands.

A picture that cannot be had or read leaves the letter; it is asked for again after the next sign-in.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, Protocol

from PIL import Image

from chatclient.desktop.art import Art
from chatclient.desktop.smallpicture import square
from shared.protocol import File

SIDE: Final = 256
"""Pixels of the square that is kept of each."""


class Asks(Protocol):
    """How a file is had and read beside the window."""

    def picture(
        self,
        file: File,
        thumb: bool,
        work: Callable[[Path], Image.Image | None],
        done: Callable[[Image.Image | BaseException | None], None],
    ) -> None: ...


class Faces:
    """`changed` is called when avatars look otherwise."""

    def __init__(self, art: Art, asks: Asks, changed: Callable[[], object]) -> None:
        self._art, self._asks, self._changed = art, asks, changed
        self._shown: dict[str, str] = {}

    def show(self, pictures: Mapping[str, str]) -> None:
        """These people have these pictures (files by SHA-256), nobody else has one."""
        for user in self._shown.keys() - pictures.keys():
            self._art.face(user, "", None)
            del self._shown[user]
            self._changed()
        for user, file in pictures.items():
            if self._shown.get(user) != file:
                self._shown[user] = file
                self._fetch(user, file)

    def again(self) -> None:
        """There is a connection: ask for those that did not come."""
        wanted = {user: file for user, file in self._shown.items() if not self._art.has_face(user, file)}
        for user, file in wanted.items():
            self._fetch(user, file)

    def clear(self) -> None:
        """Nobody is signed in any more."""
        for user in self._shown:
            self._art.face(user, "", None)
        self._shown.clear()

    def _fetch(self, user: str, file: str) -> None:
        def came(found: Image.Image | BaseException | None) -> None:
            if self._shown.get(user) == file and isinstance(found, Image.Image):
                self._art.face(user, file, found)
                self._changed()

        self._asks.picture(File(file=file, name="", mime="", size=0), True, lambda path: square(path, SIDE), came)
