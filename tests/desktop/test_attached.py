"""Files that are to go with a message, without a window: their words, what hinders, what a clipboard lists, links."""

from pathlib import Path

import pytest
from PIL import Image

from chatclient.address import parse
from chatclient.desktop import weblinks
from chatclient.desktop.attached import Attached, letters, unfinished
from chatclient.desktop.clipboard import paths_in
from chatclient.desktop.smallpicture import small
from chatclient.keep import REACTIONS, Keep
from chatclient.model import Model
from shared.errors import Refused


def test_words_of_a_tile() -> None:
    file = Attached("scroll-test.mp4", 24 * 1024 * 1024)
    assert file.words == "24 MB, waiting"
    file.state, file.sent = "going", 15_624_000
    assert file.words == "14.9 of 24 MB, 62 %"
    file.state = "there"
    assert file.words == "24 MB"
    file.state = "failed"
    assert file.words == "Did not arrive."


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a.pdf", "PDF"),
        ("a.tar.gz", "GZ"),
        ("README", "FILE"),
        (".profile", "FILE"),
        ("a.longending", "FILE"),
        ("a.", "FILE"),
        ("a.c++", "FILE"),
        ("a.webp", "WEBP"),
    ],
)
def test_letters_for_a_type(name: str, shown: str) -> None:
    assert letters(name) == shown


def test_what_hinders_a_message() -> None:
    def files(*states: str) -> list[Attached]:
        return [Attached("cat.png", 1, state=state) for state in states]  # type: ignore[arg-type] # literals

    assert unfinished([]) == unfinished(files("there", "there")) == ""
    assert unfinished(files("there", "going")) == "One file is still on its way."
    assert unfinished(files("waiting", "going")) == "2 files are still on their way."
    assert unfinished(files("going", "failed")) == "cat.png did not arrive. Try it again, or take it out."


def test_files_in_a_list_of_addresses() -> None:
    listed = "# from a file manager\r\nfile:///tmp/a%20b.txt\r\nhttps://example.org/x\r\nfile:///tmp/caf%C3%A9\r\n"
    assert paths_in(listed) == (Path("/tmp/a b.txt"), Path("/tmp/café"))
    assert paths_in("") == ()


def test_a_picture_is_made_small(tmp_path: Path) -> None:
    path = tmp_path / "turned.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6  # its camera was turned by a quarter
    Image.new("RGB", (2000, 1000), "#2F7FA3").save(path, exif=exif)
    made = small(path)
    assert made is not None and made.mode == "RGB" and made.size == (120, 240)
    assert small(path.read_bytes()) is not None
    assert small(b"no picture") is None
    assert small(tmp_path / "gone.png") is None


def test_links_of_this_server_lead_to_a_place() -> None:
    here, model = parse("harbour.example"), Model("alice", "Harbour", None, 0)  # type: ignore[arg-type] # no times here
    assert weblinks.follow("chat://Harbour.example:12345/garden?message=7", here, model) == ("garden", 7)
    assert weblinks.follow("chat://harbour.example/garden", here, model) == ("garden", 0)
    with pytest.raises(Refused, match=r"leads to other\.example\. Open it from Another server"):
        weblinks.follow("chat://other.example/garden", here, model)
    with pytest.raises(Refused, match="conversation of others"):
        weblinks.follow("chat://harbour.example/@bob,carol?message=7", here, model)


def test_the_reactions_used_last_come_first(tmp_path: Path) -> None:
    keep = Keep(tmp_path)
    assert tuple(keep.reactions) == REACTIONS
    keep.reacted("🚀")
    keep.reacted("❤️")
    keep.reacted("🚀")
    keep.save()
    assert Keep(tmp_path).reactions == ["🚀", "❤️", "👍"]
