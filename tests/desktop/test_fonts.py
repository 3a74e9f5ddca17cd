"""The bundled faces reach Tk in a process that has no others, and leave no trace."""

import os
import subprocess
import sys
import tkinter as tk
from pathlib import Path

import pytest

from chatclient.desktop import fonts
from chatclient.desktop.fonts import Fonts, TkMeasurer
from chatclient.desktop.theme import DARK, FONTS, LIGHT, METRICS, Theme, colour_index

ROOT = Path(__file__).resolve().parents[2]

BARE = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{empty}</dir><cachedir>{cache}</cachedir></fontconfig>"""

ASK = """
import sys, tkinter
from tkinter import font
from chatclient.desktop import fonts
taken = fonts.register() if sys.argv[1] == "register" else 0
root = tkinter.Tk()
print(taken, *sorted(family.replace(" ", "_") for family in font.families(root)))
"""


def families(folder: Path, how: str) -> list[str]:
    """What Tk has in a fresh process whose system has no fonts at all."""
    (folder / "empty").mkdir(exist_ok=True)
    config = folder / "fonts.conf"
    config.write_text(BARE.format(empty=folder / "empty", cache=folder / "cache"))
    done = subprocess.run(
        [sys.executable, "-c", ASK, how],
        env={**os.environ, "FONTCONFIG_FILE": str(config), "HOME": str(folder), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


@pytest.mark.desktop
@pytest.mark.skipif(sys.platform != "linux", reason="asks fontconfig")
def test_the_faces_are_known_where_the_system_has_none(display: str, tmp_path: Path) -> None:
    assert {"Inter", "JetBrains_Mono"}.isdisjoint(families(tmp_path, "control"))
    before = set(tmp_path.rglob("*.otf"))
    taken, *found = families(tmp_path, "register")
    assert taken == str(len(fonts.FILES))
    assert {"Inter", "JetBrains_Mono"} <= set(found)
    assert set(tmp_path.rglob("*.otf")) == before


def test_a_missing_face_is_counted_and_nothing_else_happens(tmp_path: Path) -> None:
    assert fonts.register(tmp_path) == 0


def test_every_file_and_its_licence_is_there() -> None:
    assert all((fonts.FOLDER / name).stat().st_size > 50_000 for name in fonts.FILES)
    for licence in ("fonts/Inter-OFL.txt", "fonts/JetBrainsMono-OFL.txt", "emoji/NotoColorEmoji-OFL.txt"):
        text = (fonts.FOLDER.parent / licence).read_text("utf-8")
        assert text.startswith("Copyright") and "SIL OPEN FONT LICENSE" in text


@pytest.mark.desktop
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_the_named_fonts_have_the_faces_and_sizes_of_the_table(root: tk.Tk, scale: float) -> None:
    table = Fonts(root, scale)
    for name, spec in FONTS.items():
        actual = table.font(name).actual()
        assert actual["family"].startswith(spec.family)
        assert actual["size"] == -round(spec.size * scale) or actual["size"] > 0
        assert table.font(name).metrics("linespace") >= spec.size * scale


@pytest.mark.desktop
def test_weights_differ(root: tk.Tk) -> None:
    table = Fonts(root, 6)  # large, because widths are whole pixels
    widths = [table.font(name).measure("The quick brown fox") for name in ("body", "body_semibold", "body_bold")]
    assert widths == sorted(set(widths))


@pytest.mark.desktop
def test_the_measurer_says_what_tk_says_and_remembers_it(root: tk.Tk) -> None:
    table = Fonts(root)
    measurer = TkMeasurer(root, table)
    for text in ("word", "a" * 200, "", "上海", "é"):
        for _ in range(2):
            assert measurer.width("body", text) == table.font("body").measure(text)
    assert measurer.ascent("body") < measurer.height("body") == table.font("body").metrics("linespace")


# --- the theme ------------------------------------------------------------------------------------------------


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


PAIRS = [
    *((text, ground) for text in ("text", "muted") for ground in ("side", "conv", "other", "input", "hover", "active")),
    *(("link", ground) for ground in ("conv", "other", "active")),
    *((text, "own") for text in ("own_text", "own_muted", "own_link")),
    *((f"name{i}", "other") for i in range(5)),
    *(("danger", ground) for ground in ("conv", "side", "danger_tint")),
    *(("text", ground) for ground in ("danger_tint", "danger_selected", "selected", "popover", "popover_row")),
    ("own_text", "own_selected"),
    ("own_muted", "own_selected"),
    ("badge_text", "badge"),
    ("muted", "popover_row"),
]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_can_be_read_on_its_ground(theme: Theme, text: str, ground: str) -> None:
    assert contrast(theme.colour(text), theme.colour(ground)) >= 4.5


def test_a_name_has_one_colour_and_names_use_them_all() -> None:
    assert [colour_index(name) for name in ("alice", "bob", "carol", "dave", "erin")] == [2, 3, 1, 4, 0]
    assert {colour_index(f"user{n}") for n in range(50)} == set(range(5))


def test_metrics_scale_to_whole_pixels() -> None:
    assert METRICS.at(1.0) is METRICS
    double = METRICS.at(1.25)
    assert (double.radius, double.bubble, double.gap) == (20, 650, 2)
