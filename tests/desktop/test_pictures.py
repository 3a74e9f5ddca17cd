"""Pictures of files: blank until they come, asked for once, forgotten when there are too many, and never in the way."""

import tkinter as tk
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from chatclient.desktop import pictures as module
from chatclient.desktop.operations import Picture
from chatclient.desktop.pictures import Pictures, face
from chatclient.desktop.theme import DARK, LIGHT
from chatclient.rows import Appended
from shared.protocol import File
from tests.desktop.samples import LongRoom, picture_file, row
from tests.desktop.stage import Window, shot

pytestmark = pytest.mark.desktop

RED = (200, 30, 30)


class Server:
    """Has what it was given, and answers when it is told to."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.asked: list[str] = []
        self._waiting: list[Callable[[], None]] = []

    def has(self, file: File, colour: tuple[int, int, int] = RED) -> File:
        Image.new("RGB", (file.width, file.height), colour).save(self._folder / file.file, "PNG")
        return file

    def ask(self, file: File, thumb: bool, work: Callable[[Path], Any], done: Callable[[Any], None]) -> None:
        assert thumb
        self.asked.append(file.name)
        path = self._folder / file.file
        self._waiting.append(lambda: done(work(path) if path.exists() else FileNotFoundError(path)))

    def answer(self) -> None:
        waiting, self._waiting = self._waiting, []
        for each in waiting:
            each()


@pytest.fixture
def server(tmp_path: Path) -> Server:
    return Server(tmp_path)


@pytest.fixture
def shown(root: tk.Tk, server: Server) -> Iterator[Window]:
    window = Window(root, Pictures(root, server.ask))
    yield window
    window.view.destroy()


def place(window: Window) -> tuple[int, int]:
    """The middle of the only picture, in the window."""
    live = window.view.live[-1]
    picture = next(each for each in live.drawing.operations if isinstance(each, Picture))
    return picture.x + picture.width // 2, picture.y + picture.height // 2 + live.y - window.view.top


def show(window: Window, file: File) -> None:
    room = LongRoom(0)
    room.extra.append(row("Art", key="~1", files=(file,)))
    window.open(room)


def test_a_blank_becomes_the_picture_and_nothing_moves(shown: Window, server: Server, tmp_path: Path) -> None:
    show(shown, server.has(picture_file("a.png", 600, 300)))
    before, at = shown.place("~1"), place(shown)
    assert shot(shown.view, tmp_path / "1.png").getpixel(at) == (0xE4, 0xE4, 0xEE)
    server.answer()
    assert shot(shown.view, tmp_path / "2.png").getpixel(at) == RED
    assert shown.place("~1") == before and server.asked == ["a.png"]
    shown.view.set_theme(DARK)
    assert shot(shown.view, tmp_path / "3.png").getpixel(at) == RED and server.asked == ["a.png"]
    shown.check()


def test_its_corners_are_those_of_the_bubble(shown: Window, server: Server, tmp_path: Path) -> None:
    show(shown, server.has(picture_file("a.png", 600, 300)))
    server.answer()
    x, y = place(shown)
    picture = shot(shown.view, tmp_path / "1.png")
    assert picture.getpixel((x - 160, y - 80)) == (0xF0, 0xF0, 0xF5) and picture.getpixel((x - 160, y)) == RED


def test_what_does_not_come_has_a_quiet_sign_and_may_come_later(shown: Window, server: Server, tmp_path: Path) -> None:
    file = picture_file("a.png", 600, 300)
    show(shown, file)
    blank = shot(shown.view, tmp_path / "1.png")
    server.answer()
    broken = shot(shown.view, tmp_path / "2.png")
    assert blank.tobytes() != broken.tobytes()
    shown.view.scroll(1)
    assert server.asked == ["a.png"]
    server.has(file)
    shown.view._painter._pictures.again()
    server.answer()
    assert shot(shown.view, tmp_path / "3.png").getpixel(place(shown)) == RED


def test_the_last_of_many_is_darkened_and_says_how_many_more(shown: Window, server: Server, tmp_path: Path) -> None:
    room = LongRoom(0)
    files = tuple(server.has(picture_file(f"{i}.png", 600, 300)) for i in range(7))
    room.extra.append(row("Walk", key="~1", files=files))
    shown.open(room)
    server.answer()
    live = shown.view.live[-1]
    pictures = [each for each in live.drawing.operations if isinstance(each, Picture)]
    picture = shot(shown.view, tmp_path / "1.png")
    colours = [picture.getpixel((each.x + 20, each.y + live.y - shown.view.top + 30)) for each in pictures]
    assert colours[:3] == [RED] * 3 and sum(colours[3][:3]) < sum(RED) / 2
    assert len(server.asked) == 4


def test_no_more_than_some_are_kept(root: tk.Tk, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT", 5)
    pictures, images = Pictures(root, server.ask), len(root.image_names())
    places = [
        Picture(0, 0, 60, 40, server.has(picture_file(f"{i}.png", 60, 40)), (4, 4, 4, 4), "quote", "other")
        for i in range(20)
    ]
    for each in places:
        pictures.photo(each, LIGHT)
        server.answer()
        pictures.photo(each, LIGHT)
    assert len(root.image_names()) - images <= 5
    pictures.photo(places[0], LIGHT)
    assert server.asked.count("0.png") == 2


def test_a_view_that_is_gone_is_not_told(shown: Window, server: Server) -> None:
    show(shown, server.has(picture_file("a.png", 600, 300)))
    shown.view.destroy()
    server.answer()
    shown.root.update()


def test_the_first_frame_of_an_animation_and_a_picture_that_lies(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (40, 20), colour) for colour in (RED, (0, 0, 255))]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    first = face(tmp_path / "a.gif", 20, 20)
    assert first is not None and first.size == (20, 20) and first.convert("RGB").getpixel((10, 10)) == RED
    (tmp_path / "b.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"x" * 100)
    assert face(tmp_path / "b.png", 20, 20) is None
    small = face(tmp_path / "a.gif", 100, 100, whole=True)
    assert small is not None and small.size == (40, 20)


def test_new_rows_come_while_pictures_are_on_their_way(shown: Window, server: Server) -> None:
    room = LongRoom(50)
    room.extra.append(row("Art", key="~1", files=(server.has(picture_file("a.png", 600, 300)),)))
    shown.open(room)
    room.extra.append(row("More", key="~2"))
    shown.view.changed([Appended(1)])
    server.answer()
    shown.check()
    assert shown.view.at_bottom
