"""A device that can keep nothing: what harms nobody goes into the log, what was asked for is told in the window."""

from pathlib import Path

import pytest

from chatclient.desktop.settings_appearance import AppearancePage
from chatclient.keep import Keep, KeepError
from tests.desktop.house import House

pytestmark = pytest.mark.desktop


@pytest.fixture
def folder(house: House) -> Path:
    """A file stands where what this device remembers was kept, which stops root too."""
    folder = house.keep.folder
    folder.rename(folder.with_name("elsewhere"))
    folder.write_text("in its way")
    with pytest.raises(KeepError, match="cannot be written"):
        house.keep.save()
    return folder


def test_an_emoji_is_inserted_all_the_same(house: House, folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    composer = house.chat.composer
    house.hands.type(":ta")
    house.hands.keys("Tab")
    assert composer.content == "🎉 "
    house.hands.type("done")
    assert composer.content == "🎉 done", "the box has the keyboard still"
    assert "cannot be written" in caplog.text and composer.complaint == ""


def test_a_setting_is_told_on_its_page(house: House, folder: Path) -> None:
    house.hands.keys("ctrl+comma")
    shown = house.signed_in.settings
    assert shown is not None and isinstance(shown.page, AppearancePage)
    house.hands.click(shown.page.themes.choices[2])
    assert house.app.look.theme.name == "dark"
    assert "cannot be written" in shown.head.complaint
    house.hands.keys("Escape")
    assert "cannot be written" in house.chat.composer.complaint


def test_where_it_can_be_kept_again_nothing_is_told(house: House, folder: Path) -> None:
    house.hands.keys("ctrl+comma")
    shown = house.signed_in.settings
    assert shown is not None and isinstance(shown.page, AppearancePage)
    house.hands.click(shown.page.themes.choices[1])
    assert "cannot be written" in shown.head.complaint
    folder.unlink()
    house.hands.click(shown.page.themes.choices[2])
    assert shown.head.complaint == "" and Keep(folder).theme == "dark"
