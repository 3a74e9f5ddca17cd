"""Pictures of people: mine is chosen in the settings, everybody's stands where their letter stood."""

from pathlib import Path

import customtkinter as ctk
import pytest
from PIL import Image

from chatclient.desktop.ownpicture import prepared
from chatclient.desktop.settings import PAGES
from chatclient.desktop.settings_account import Account
from chatclient.desktop.smallpicture import square
from tests.desktop.house import House, living
from tests.processes import ServerProcess

pytestmark = pytest.mark.desktop


def account(house: House) -> Account:
    house.signed_in.open_settings()
    house.hands.settle()
    settings = house.signed_in.settings
    assert settings is not None
    settings.show([kind for _, kind in PAGES].index(Account))
    house.hands.settle()
    page = settings.page
    assert isinstance(page, Account)
    return page


def red(house: House, user: str) -> bool:
    """Whether the avatar of this person is red in its middle."""
    art = house.app.look.art
    image = art.avatar(user, 36, "#FFFFFF")
    return house.app.root.tk.splitlist(house.app.root.tk.call(str(image), "get", 18, 18)) in (
        ("200", "0", "0"),
        (200, 0, 0),
    )


def test_my_picture_is_told_and_shown_and_taken_back(house: House, tmp_path: Path) -> None:
    path = tmp_path / "me.png"
    Image.new("RGB", (700, 300), (200, 0, 0)).save(path)
    page = account(house)
    page.picture.use(path)
    house.hands.until(lambda: red(house, "alice"), "my own picture")
    told = house.bob.hear("profile")
    assert told["user"] == "alice" and len(told["picture"]) == 64
    page.picture.remove()
    house.hands.until(lambda: not red(house, "alice"), "the letter again")
    assert house.bob.hear("profile").get("picture", "") == ""


def test_what_is_no_picture_is_said_to_be_none(house: House, tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("dear alice")
    page = account(house)
    said: list[str] = []
    page.picture._complain = said.append
    page.picture.use(path)
    house.hands.until(
        lambda: said[-1:] == ["letter.txt is no picture that can be read. Choose a PNG, JPEG, GIF or WebP."]
    )


def test_the_picture_survives_a_new_sign_in(
    root: ctk.CTk, server: ServerProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARLEY_KEYRING", "off")
    path = tmp_path / "me.png"
    Image.new("RGB", (300, 300), (200, 0, 0)).save(path)
    with living(root, server, tmp_path / "home") as house:
        account(house).picture.use(path)
        house.hands.until(lambda: red(house, "alice"), "my own picture")
        server.stop()
        server.start()
        house.hands.until(lambda: house.chat.model.link.state == "online", "the connection", 20)
        house.hands.until(lambda: red(house, "alice"), "my own picture still")


def test_a_square_is_cut_from_the_middle_and_turned_as_the_camera_says(tmp_path: Path) -> None:
    picture = Image.new("RGB", (300, 100), (0, 0, 200))
    picture.paste((200, 0, 0), (100, 0, 200, 100))
    exif = picture.getexif()
    exif[0x0112] = 6
    picture.save(tmp_path / "turned.jpg", exif=exif, quality=95)
    cut = square(tmp_path / "turned.jpg", 64)
    assert cut is not None and cut.size == (64, 64)
    pixel = cut.getpixel((32, 32))
    assert isinstance(pixel, tuple) and pixel[0] > 150 and pixel[2] < 80
    data = prepared(tmp_path / "turned.jpg")
    assert data is not None and data.startswith(b"\x89PNG")
    assert prepared(tmp_path / "nothing") is None
