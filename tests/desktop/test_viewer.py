"""The image viewer: leafing, zooming and moving with the keyboard alone, saving, and what cannot be read."""

import tkinter as tk
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from chatclient.desktop.art import Art
from chatclient.desktop.fonts import Fonts
from chatclient.desktop.largepicture import LARGEST, read
from chatclient.desktop.look import Look
from chatclient.desktop.pictures import Pictures
from chatclient.desktop.sights import Sight, around
from chatclient.desktop.theme import LIGHT
from chatclient.desktop.viewer import Viewer, ViewerActs
from chatclient.desktop.zooming import STEPS, Frame
from shared.protocol import File
from tests.desktop.samples import LongRoom, file, picture_file, row
from tests.desktop.stage import shot

COLOURS = [(200, 30, 30), (30, 160, 30), (30, 30, 200)]


# --- without a display ---


def test_the_pictures_of_a_room_in_their_order() -> None:
    room = LongRoom(0)
    one, two, three = (picture_file(f"{i}.png", 60, 40) for i in range(3))
    room.extra += [
        row("a", key="~1", day="Today", clock="09:21", files=(one, file(), two)),
        row("b", key="~2"),
        row("c", key="~3", files=(three,)),
    ]
    sights, place = around(room, 0, 2)
    assert [(sight.row.key, sight.number) for sight in sights] == [("~1", 0), ("~1", 2), ("~3", 0)] and place == 1
    assert sights[0].about == "0.png, 60 × 40, 625 KB, today at 09:21"


SIDES = st.tuples(st.integers(1, 9_000), st.integers(1, 9_000))
STEP = st.sampled_from(["in", "out", "left", "down", "whole"])


@given(SIDES, st.tuples(st.integers(40, 2_000), st.integers(40, 2_000)), st.lists(STEP, max_size=12))
def test_a_frame_never_leaves_its_picture(size: tuple[int, int], room: tuple[int, int], steps: list[str]) -> None:
    frame = Frame(size, room)
    doings: dict[str, Callable[[Frame], Frame]] = {
        "in": lambda frame: frame.stepped(1),
        "out": lambda frame: frame.stepped(-1),
        "left": lambda frame: frame.moved(-300, 0),
        "down": lambda frame: frame.moved(0, 500),
        "whole": lambda frame: frame.whole(),
    }
    for step in steps:
        frame = doings[step](frame)
        left, top, right, bottom = frame.region
        assert 0 <= left < right <= size[0] + 1e-6 and 0 <= top < bottom <= size[1] + 1e-6
        assert all(1 <= shown <= side for shown, side in zip(frame.shown, room, strict=True))
        assert frame.zoom in (0, *STEPS) and frame.scale >= frame.fitted * 0.999
    assert frame.whole().region == pytest.approx((0, 0, *size))


def test_steps_go_from_fitted_to_larger_and_back() -> None:
    frame = Frame((2_000, 1_000), (800, 500))
    assert (frame.fitted, frame.words, frame.shown) == (0.4, "Fit", (800, 400))
    larger = frame.stepped(1)
    assert (larger.words, larger.shown) == ("50 %", (800, 500))
    assert larger.stepped(-1) == frame and larger.moved(100, 0).region[0] == 200 + 200
    assert Frame((40, 30), (800, 500)).shown == (40, 30)


def test_a_large_picture_is_held_smaller(tmp_path: Path) -> None:
    Image.new("L", (6_000, 100)).save(tmp_path / "a.png")
    whole = read(tmp_path / "a.png")
    assert whole is not None and whole.width == LARGEST
    (tmp_path / "b.png").write_bytes(b"nothing")
    assert read(tmp_path / "b.png") is None


# --- on a screen ---


class Shown:
    """A viewer on three pictures, of which the last cannot be read."""

    def __init__(self, root: tk.Tk, folder: Path) -> None:
        self.root, self._folder = root, folder
        self.saved: list[str] = []
        self.closed = 0
        self.held: list[Callable[[], None]] = []
        self.hold = False
        files = [picture_file(f"{i}.png", 1_600, 800) for i in range(4)]
        for each, colour in zip(files[:3], COLOURS, strict=True):
            picture = Image.new("RGB", (1_600, 800), colour)
            picture.paste("white", (0, 0, 100, 100))
            picture.save(folder / each.file, "PNG")
        room = LongRoom(0)
        room.extra.append(row("a", key="~1", user="carol", day="Today", files=tuple(files)))
        sights, place = around(room, 0, 0)
        self.entry = tk.Entry(root)
        self.entry.pack()
        self.entry.focus_force()
        root.update()
        look = Look(LIGHT, Fonts(root), Art(root))
        acts = ViewerActs(save=self._save, closed=self._closed)
        self.viewer = Viewer(root, look, sights, place, Pictures(root, self.ask), self.ask, acts)
        self.viewer.focus_force()
        self.settle()

    def _save(self, sight: Sight) -> None:
        self.saved.append(sight.file.name)

    def _closed(self) -> None:
        self.closed += 1

    def ask(self, file: File, thumb: bool, work: Callable[[Path], Any], done: Callable[[Any], None]) -> None:
        path = self._folder / file.file

        def answer() -> None:
            done(work(path) if path.exists() else FileNotFoundError(path))

        if self.hold:
            self.held.append(answer)
        else:
            self.root.after(1, answer)

    def settle(self) -> None:
        for _ in range(200):
            self.root.update()
            if self.viewer.ready:
                break
            timer = tk.BooleanVar(self.root)
            self.root.after(5, timer.set, True)
            self.root.wait_variable(timer)
        self.root.update()

    def key(self, *keys: str) -> None:
        for key in keys:
            self.viewer.event_generate(key)
        self.settle()

    def colour(self, tmp_path: Path) -> tuple[int, ...]:
        picture = shot(self.viewer, tmp_path / "viewer.png")
        found = picture.getpixel((picture.width // 2, 56 + 12 + (picture.height - 190) // 2))
        assert isinstance(found, tuple)
        return found


@pytest.fixture
def shown(root: tk.Tk, tmp_path: Path) -> Iterator[Shown]:
    root.geometry("900x700+0+0")
    root.update()
    made = Shown(root, tmp_path)
    yield made
    made.viewer.close()
    root.update()


@pytest.mark.desktop
def test_leafing_with_the_keyboard_shows_each_and_ends_at_the_ends(shown: Shown, tmp_path: Path) -> None:
    assert shown.colour(tmp_path) == COLOURS[0]
    shown.key("<Left>")
    assert shown.viewer.at == 0
    shown.key("<Right>")
    assert shown.colour(tmp_path) == COLOURS[1]
    shown.key("<End>", "<Right>")
    assert shown.viewer.at == 3
    shown.key("<Home>")
    assert shown.colour(tmp_path) == COLOURS[0]


@pytest.mark.desktop
def test_zooming_and_moving_with_the_keyboard(shown: Shown) -> None:
    shown.key("<plus>")
    assert shown.viewer.frame.words == "50 %"
    shown.key("<plus>", "<plus>", "<Shift-Left>", "<Up>")
    assert shown.viewer.frame.zoom == 1 and shown.viewer.ready
    left, top, _, _ = shown.viewer.frame.region
    shown.key("<Shift-Right>", "<Down>")
    assert shown.viewer.frame.region[:2] == (left + 80, top + 80)
    shown.key("<minus>")
    assert shown.viewer.frame.zoom == 0.75
    shown.key("<Key-0>")
    assert shown.viewer.frame.words == "Fit"


@pytest.mark.desktop
def test_saving_the_buttons_and_closing(shown: Shown) -> None:
    shown.key("<Right>", "<Key-s>")
    assert shown.saved == ["1.png"]
    shown.key("<Tab>", "<Tab>", "<Tab>")
    focused = shown.root.focus_get()
    assert focused is not None and focused is not shown.viewer
    focused.event_generate("<Return>")
    assert shown.saved == ["1.png"] * 2
    shown.viewer.event_generate("<Escape>")
    shown.root.update()
    assert shown.closed == 1 and shown.root.focus_get() is shown.entry
    assert not shown.viewer.winfo_exists()


@pytest.mark.desktop
def test_what_cannot_be_read_says_so_and_can_be_left(shown: Shown, tmp_path: Path) -> None:
    shown.key("<End>")
    texts = [
        shown.viewer.itemcget(item, "text") for item in shown.viewer.find_all() if shown.viewer.type(item) == "text"
    ]
    assert "This picture cannot be shown." in texts
    shown.key("<Left>")
    assert shown.colour(tmp_path) == COLOURS[2]


@pytest.mark.desktop
def test_what_comes_late_is_not_shown_in_the_place_of_another(shown: Shown, tmp_path: Path) -> None:
    shown.hold = True
    shown.viewer.leaf(1)
    shown.root.update()
    shown.viewer.leaf(1)
    shown.root.update()
    shown.hold = False
    for answer in shown.held:
        answer()
    shown.settle()
    assert shown.viewer.at == 2 and shown.colour(tmp_path) == COLOURS[2]


@pytest.mark.desktop
def test_it_goes_with_the_window(shown: Shown) -> None:
    shown.root.geometry("700x500")
    for _ in range(50):
        shown.root.update()
    shown.settle()
    assert shown.viewer.frame.shown[0] <= 700 - 252
    shown.hold = True
    shown.viewer.zoom(1)
    shown.viewer.close()
    for answer in shown.held:
        answer()
    shown.root.update()
