"""What lies on another program's clipboard: pictures, files, text."""

import io
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests.desktop.attaching import tiles, up
from tests.desktop.house import House
from tests.processes import missing

pytestmark = pytest.mark.desktop


@pytest.fixture
def clipboard() -> Iterator[Callable[[str, bytes], None]]:
    """Another program that has this on the clipboard."""
    owners: list[subprocess.Popen[bytes]] = []

    def own(kind: str, content: bytes) -> None:
        command = ["xclip", "-quiet", "-selection", "clipboard", "-target", kind, "-in"]
        owners.append(subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL))
        stdin = owners[-1].stdin
        assert stdin is not None
        stdin.write(content)
        stdin.close()

    yield own
    for owner in owners:
        owner.kill()
        owner.wait()


def pasted(house: House, offered: str) -> None:
    def there() -> bool:
        found = house.app.root.tk.eval("catch {selection get -selection CLIPBOARD -type TARGETS} found; set found")
        return offered in found

    house.hands.until(there, "the clipboard")
    house.hands.keys("ctrl+v")


@pytest.mark.usefixtures("xclip")
def test_a_picture_is_pasted(house: House, clipboard: Callable[[str, bytes], None]) -> None:
    out = io.BytesIO()
    Image.effect_noise((900, 700), 90).convert("RGB").save(out, "PNG")
    assert len(out.getvalue()) > 500_000, "more than Tk itself could take"
    clipboard("image/png", out.getvalue())
    pasted(house, "image/png")
    house.hands.until(lambda: tiles(house), "the tile")
    up(house)
    assert tiles(house)[0][0] == "Pasted.png" and house.chat.composer.content == ""
    house.hands.keys("Return")
    assert house.bob.hear("message")["files"][0]["width"] == 900


@pytest.mark.usefixtures("xclip")
def test_a_small_picture_is_pasted_by_tk_alone(
    house: House, clipboard: Callable[[str, bytes], None], monkeypatch: pytest.MonkeyPatch, picture: Path
) -> None:
    clipboard("image/png", picture.read_bytes())
    monkeypatch.setattr(house.chat.talk.attachments._clipboard, "_environment", {"PATH": "/nowhere"})
    pasted(house, "image/png")
    house.hands.until(lambda: tiles(house), "the tile")
    up(house)
    house.hands.keys("Return")
    assert house.bob.hear("message")["files"][0]["width"] == 320


@pytest.mark.usefixtures("xclip")
def test_files_are_pasted(house: House, clipboard: Callable[[str, bytes], None], notes: Path) -> None:
    clipboard("text/uri-list", f"{notes.as_uri()}\r\n".encode())
    pasted(house, "text/uri-list")
    house.hands.until(lambda: tiles(house), "the tile")
    assert tiles(house)[0][0] == "release notes.pdf"


@pytest.mark.usefixtures("xclip")
def test_text_is_pasted_as_text(house: House, clipboard: Callable[[str, bytes], None]) -> None:
    clipboard("UTF8_STRING", "plums – and beans".encode())
    pasted(house, "UTF8_STRING")
    assert house.chat.composer.content == "plums – and beans" and tiles(house) == []


@pytest.fixture
def xclip() -> None:
    if shutil.which("xclip") is None:
        missing("another program's clipboard needs xclip: apt-get install xclip")
