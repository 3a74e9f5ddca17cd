"""Pictures: path data, icons, avatars, emoji and the cache of Tk images."""

import json
import math
import shutil
import subprocess
import sys
import tkinter as tk
from pathlib import Path

import emoji as tables
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops

from chatclient.desktop import art, avatars, emojifile, icons, vector
from chatclient.desktop.art import Art
from chatclient.desktop.emoji import key, split
from chatclient.desktop.emojifile import EmojiFile
from chatclient.desktop.theme import DARK, LIGHT
from tests.processes import missing

ROOT = Path(__file__).resolve().parents[2]


def covered(mask: Image.Image) -> float:
    """How many pixels are covered, parts of pixels added up."""
    return sum(value * count for value, count in enumerate(mask.histogram())) / 255


def same(one: Image.Image, other: Image.Image) -> bool:
    return ImageChops.difference(one.convert("RGBA"), other.convert("RGBA")).getbbox(alpha_only=False) is None


# --- vector pictures ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "area"),
    [
        (vector.circle(12, 12, 10), math.pi * 100),
        (vector.rectangle(2, 2, 20, 10, 0.001), 200),
        (vector.rectangle(2, 2, 20, 20, 5), 400 - (4 - math.pi) * 25),
        ("M2 2h20v20h-20z", 400),
        ("m2 2 20 0 0 20-20 0z", 400),
        ("M2 12C2 12 12 12 22 12V22H2z", 200),
        ("M2 12a10 10 0 0 1 20 0z", math.pi * 50),
    ],
)
def test_a_filled_path_covers_its_area(path: str, area: float) -> None:
    assert covered(vector.mask([vector.fill(path)], 24, 48)) == pytest.approx(area * 4, rel=0.02)


def test_a_stroke_has_its_width_and_round_ends() -> None:
    mask = vector.mask([vector.Shape("M4 12h16", 2)], 24, 48)
    assert covered(mask) == pytest.approx((16 * 2 + math.pi) * 4, rel=0.06)


@pytest.mark.parametrize("path", ["10 10", "M1", "M1 2 3", "M1 2L3z"])
def test_what_is_no_path_data_is_refused(path: str) -> None:
    with pytest.raises(ValueError):
        vector.outlines(path)


@pytest.mark.parametrize("name", icons.ICONS)
@pytest.mark.parametrize("size", [12, 20, 36])
def test_every_icon_shows_something_and_stays_inside(name: str, size: int) -> None:
    mask = icons.icon_mask(name, size)
    assert mask.size == (size, size)
    assert 0.02 < covered(mask) / size**2 < 0.6


def test_the_mark_has_fewer_lines_where_it_is_small() -> None:
    small, large = icons.mark(27), icons.mark(28).resize((27, 27))
    assert small.size == (27, 27) and not same(small, large)


# --- avatars --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "letter"), [("alice", "A"), ("_émile", "É"), ("42", "4"), ("عمر", "ع"), ("-", "")])
def test_the_letter_of_a_name(name: str, letter: str) -> None:
    assert avatars.initial(name) == letter


def test_an_avatar_is_a_disc_in_the_colour_of_its_name() -> None:
    picture = avatars.avatar("bob", 32)
    assert picture.getpixel((0, 0)) == (0xA8, 0x5A, 0x00, 0)
    assert picture.getpixel((16, 3)) == (0xA8, 0x5A, 0x00, 255)
    assert avatars.avatar("bob", 32, square=True).getpixel((0, 16)) == (0xA8, 0x5A, 0x00, 255)
    assert not same(avatars.avatar("bob", 32), avatars.avatar("beb", 32))


def test_a_letter_that_no_face_has_becomes_a_person() -> None:
    unknown = [avatars.avatar(name, 32, colour="#000000") for name in ("\U00010280", "\U00010281")]
    assert same(*unknown)
    assert not same(unknown[0], avatars.avatar("x", 32, colour="#000000"))


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_presence_is_told_by_shape_alone(theme: type[LIGHT]) -> None:
    shapes = [
        avatars.presence(state, 64, theme, theme.side).convert("L").point(lambda value: 0)
        for state in ("online", "away", "busy", "offline")
    ]
    assert len(shapes) == 4
    grounds = []
    for state in ("online", "away", "busy", "offline"):
        picture = avatars.presence(state, 64, theme, "#000000").convert("RGB")
        grounds.append(bytes(1 if pixel != (0, 0, 0) else 0 for pixel in picture.get_flattened_data()))
    assert len(set(grounds)) == 4


# --- emoji ----------------------------------------------------------------------------------------------------


@given(st.text(st.characters() | st.sampled_from("a🎉👍🏽🇩🇪👩👧\u200d\ufe0f\ufe0e1\u20e3©☺"), max_size=60))
def test_a_text_and_its_emoji_are_the_text_again(text: str) -> None:
    pieces = list(split(text))
    assert "".join(piece for piece, _ in pieces) == text
    assert not any("\U0001f000" <= char <= "\U0001ffff" for piece, drawn in pieces if not drawn for char in piece)


@pytest.mark.parametrize(
    ("text", "emoji"),
    [
        ("plain", []),
        ("👍🏽 and 👍", ["👍🏽", "👍"]),
        ("👩‍👩‍👧‍👦🏳️‍🌈", ["👩‍👩‍👧‍👦", "🏳️‍🌈"]),
        ("🇩🇪🇫🇷", ["🇩🇪", "🇫🇷"]),
        ("🇩", ["🇩"]),
        ("1️⃣ 2", ["1️⃣"]),
        ("© 2026 ™ a → b", []),
        ("©️ ❤️ ❤ ❤\ufe0e", ["©️", "❤️", "❤"]),
        ("\U0001fae9 \U0001f1e6x", ["\U0001fae9", "\U0001f1e6"]),
    ],
)
def test_what_is_an_emoji(text: str, emoji: list[str]) -> None:
    assert [piece for piece, drawn in split(text) if drawn] == emoji


TYPOGRAPHIC = "©®™‼⁉ℹ↔↕↖↗↘↙↩↪▪▫▶◀"


def test_the_asset_has_every_emoji_there_is_and_is_small() -> None:
    file = EmojiFile()
    assert [sequence for sequence in tables.EMOJI_DATA if sequence not in file] == []
    assert emojifile.ASSET.stat().st_size <= 8_000_000


def test_every_emoji_is_found_whole_in_a_text_and_has_a_picture_with_something_on_it() -> None:
    """Flags, families, tones, keycaps: every sequence of current Unicode, rendered."""
    file = EmojiFile()
    for sequence in tables.EMOJI_DATA:
        asked = sequence + "\ufe0f" if sequence in TYPOGRAPHIC else sequence
        assert list(split(f"a{asked}b")) == [("a", False), (asked, True), ("b", False)], ascii(sequence)
        picture = file.picture(sequence)
        assert picture is not None and picture.size == (64, 64), ascii(sequence)
        assert covered(picture.getchannel("A")) > 64, ascii(sequence)


@pytest.mark.parametrize("sequence", ["😀", "👍🏽", "👩‍👩‍👧‍👦", "🇩🇪", "1️⃣", "❤", "❤️", "🏴󠁧󠁢󠁳󠁣󠁴󠁿"])
def test_an_emoji_is_a_square_picture_with_something_on_it(sequence: str) -> None:
    picture = EmojiFile().picture(sequence)
    assert picture is not None
    assert picture.size == (64, 64) and picture.mode == "RGBA"
    assert 0.2 < covered(picture.getchannel("A")) / 64**2 <= 1


def test_sequences_have_pictures_of_their_own() -> None:
    file = EmojiFile()
    pictures = [file.picture(sequence) for sequence in ("👍", "👍🏻", "👍🏿", "👩‍🚀", "👩", "🇩🇪", "🇫🇷")]
    drawn = {picture.tobytes() for picture in pictures if picture is not None}
    assert len(drawn) == len(pictures)


def test_the_asset_lacks_what_is_no_emoji_and_says_so() -> None:
    assert EmojiFile().picture("x") is None
    assert "x" not in EmojiFile()
    assert key("❤️") == key("❤")


def test_another_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.bin"
    path.write_bytes(b"something else")
    with pytest.raises(ValueError, match=r"render_emoji\.py"):
        len(EmojiFile(path))


@pytest.mark.slow
def test_the_asset_can_be_made_again(tmp_path: Path) -> None:
    """A fifteenth of it, of every kind."""
    font = Path("/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf")
    if not font.exists() or not shutil.which("chromium"):
        missing("the emoji are rendered by chromium from Debian's fonts-noto-color-emoji")
    odd = ["👍🏽", "👩‍👩‍👧‍👦", "🏳️‍🌈", "🇩🇪", "1️⃣", "❤️"]
    some = [*sorted(tables.EMOJI_DATA)[::15], *odd]
    out = tmp_path / "emoji.bin"
    tool = (
        "import emoji, json, sys; from tools import render_emoji; known = emoji.EMOJI_DATA;"
        "emoji.EMOJI_DATA = {each: known[each] for each in json.load(sys.stdin)}; sys.exit(render_emoji.main())"
    )
    arguments = ["--font", font, "--out", out, "--size", "8"]
    subprocess.run([sys.executable, "-c", tool, *arguments], cwd=ROOT, check=True, input=json.dumps(some), text=True)
    made = EmojiFile(out)
    assert [ascii(each) for each in odd if each not in made] == []
    lacking = [ascii(each) for each in some if each not in made]
    assert len(some) > 300 and len(lacking) < len(some) / 20, "an older font lacks the newest"


# --- Tk images ------------------------------------------------------------------------------------------------


@pytest.mark.desktop
def test_the_same_picture_is_made_once_and_the_cache_has_a_bound(root: tk.Tk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(art, "KEPT", 20)
    pictures = Art(root)
    first = pictures.icon("hash", 20, "#000000", "#FFFFFF")
    assert pictures.icon("hash", 20, "#000000", "#FFFFFF") is first
    assert pictures.icon("hash", 20, "#000000", "#EEEEEE") is not first
    before = len(root.image_names())
    for size in range(1, 60):
        pictures.rounded(40 + size, 20, 6, "#FF0000", "#FFFFFF")
    assert len(pictures) == 20
    assert len(root.image_names()) - before <= 20


@pytest.mark.desktop
def test_images_have_their_size_at_any_scale_and_stand_on_their_ground(root: tk.Tk) -> None:
    for scale, size in ((1.0, 20), (1.5, 30)):
        pictures = Art(root, scale)
        made = [
            pictures.icon("hash", 20, "#000000", "#123456"),
            pictures.emoji("👍", 20, "#123456"),
            pictures.emoji("\U0001fadf", 20, "#123456"),
            pictures.avatar("bob", 20, "#123456"),
            pictures.mark(20, "#5B5BD6", "#FFFFFF", "#123456"),
            pictures.rounded(20, 20, 6, "#FF0000", "#123456", "#00FF00"),
        ]
        for image in made:
            assert (image.width(), image.height()) == (size, size)
            assert root.tk.call(str(image), "get", 0, 0) in ((0x12, 0x34, 0x56), "18 52 86")
            assert not root.tk.getboolean(root.tk.call(str(image), "transparency", "get", 0, 0))


@pytest.mark.desktop
def test_corners_make_a_whole_shape(root: tk.Tk) -> None:
    pictures = Art(root)
    for which, inside, outside in (("nw", (15, 15), (0, 0)), ("se", (0, 0), (15, 15))):
        image = pictures.corner(which, 16, "#FF0000", "#0000FF")  # type: ignore[arg-type] # the two literals above
        assert root.tk.call(str(image), "get", *inside) in ((255, 0, 0), "255 0 0")
        assert root.tk.call(str(image), "get", *outside) in ((0, 0, 255), "0 0 255")


@pytest.mark.desktop
def test_an_avatar_with_presence_is_wider_by_what_stands_out(root: tk.Tk) -> None:
    image = Art(root).avatar("bob", 36, LIGHT.side, presence="online", theme=LIGHT)
    assert (image.width(), image.height()) == (39, 39)
