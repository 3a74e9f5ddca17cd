"""What this device remembers: files only their owner can read, tokens that are never lost, keyrings that fail."""

import json
import shutil
import stat
import sys
from pathlib import Path
from types import ModuleType

import pytest

from chatclient.keep import Keep, KeepError, Recent
from chatclient.notify import Preferences
from chatclient.unsent import Unsent

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_KEYRING", "off")
    monkeypatch.delenv("PARLEY_HOME", raising=False)


class Ring(ModuleType):
    """Stands for the keyring package."""

    def __init__(self, fault: str = "") -> None:
        super().__init__("keyring")
        self.fault = fault
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, name: str) -> str | None:
        if self.fault == "raises":
            raise RuntimeError("No recommended backend was available.")
        return self.kept.get((service, name))

    def set_password(self, service: str, name: str, token: str) -> None:
        if self.fault == "read only":
            raise RuntimeError("The collection is locked.")
        if self.fault != "keeps nothing":
            self.kept[service, name] = token


def use(monkeypatch: pytest.MonkeyPatch, ring: Ring) -> Ring:
    monkeypatch.setenv("PARLEY_KEYRING", "on")
    monkeypatch.setitem(sys.modules, "keyring", ring)
    return ring


def test_settings_come_back(tmp_path: Path) -> None:
    keep = Keep(tmp_path / "new" / "folder")
    assert (keep.recent, keep.theme, keep.geometry) == ([], "system", "")
    for i in range(10):
        keep.remember(f"h{i}:12345", "alice", f"H{i}", "2026-11-20T09:12:00.000000Z")
    keep.remember("h5:12345", "alice", "Five", "2026-11-20T09:13:00.000000Z")
    keep.theme, keep.geometry = "dark", "1100x720+10+10"
    keep.save()
    again = Keep(tmp_path / "new" / "folder")
    assert again.recent[0] == Recent("h5:12345", "alice", "Five", "2026-11-20T09:13:00.000000Z")
    assert [known.server for known in again.recent] == [f"h{i}:12345" for i in (5, 9, 8, 7, 6, 4, 3, 2)]
    assert (again.theme, again.geometry) == ("dark", "1100x720+10+10")


def test_the_folder_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_HOME", str(tmp_path / "home"))
    Keep().save()
    assert (tmp_path / "home" / "settings.json").exists()


@posix
def test_only_the_owner_can_read(tmp_path: Path) -> None:
    keep = Keep(tmp_path / "home")
    keep.save()
    keep.token("localhost:12345", "alice")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in [keep.folder, *keep.folder.iterdir()]}
    assert modes == {"home": 0o700, "settings.json": 0o600, "tokens.json": 0o600}


@pytest.mark.parametrize("content", [b"", b"{", b'{"theme": "pink"}', b'{"recent": [1]}', b"\xff"])
def test_broken_settings_are_put_aside(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "settings.json").write_bytes(content)
    keep = Keep(tmp_path)
    assert (keep.recent, keep.theme) == ([], "system")
    assert (tmp_path / "settings.broken").read_bytes() == content


def test_a_token_for_each_name_and_server(tmp_path: Path) -> None:
    keep = Keep(tmp_path)
    names = [("localhost:12345", "alice"), ("localhost:12345", "bob"), ("harbour.example:12345", "alice")]
    tokens = [keep.token(*name) for name in names]
    assert len(set(tokens)) == 3 and all(len(token) == 64 and int(token, 16) for token in tokens)
    assert [Keep(tmp_path).token(*name) for name in names] == tokens


def test_damaged_tokens_are_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "tokens.json").write_text("{ damaged")
    with pytest.raises(KeepError, match=r"tokens\.json is damaged"):
        Keep(tmp_path).token("localhost:12345", "alice")
    assert (tmp_path / "tokens.json").read_text() == "{ damaged"


@pytest.fixture
def lost(tmp_path: Path) -> Keep:
    """Its folder went away, and a file stands in its place: not even root can write there."""
    keep = Keep(tmp_path / "home")
    keep.save()
    shutil.rmtree(keep.folder)
    keep.folder.write_text("")
    return keep


def test_a_folder_that_cannot_be_written(lost: Keep) -> None:
    with pytest.raises(KeepError, match=r"settings\.json cannot be written"):
        lost.save()
    lost.folder.unlink()
    lost.save()
    assert (lost.folder / "settings.json").exists()


def test_a_folder_that_cannot_be_read(lost: Keep) -> None:
    with pytest.raises(KeepError, match=r"settings\.json cannot be read"):
        Keep(lost.folder)


def test_what_nobody_asked_for_fails_in_the_log_alone(lost: Keep, caplog: pytest.LogCaptureFixture) -> None:
    lost.picked("🎉")
    lost.save_quietly()
    assert "settings.json cannot be written" in caplog.text
    lost.folder.unlink()
    lost.save_quietly()
    assert Keep(lost.folder).used == ["🎉"]


# --- what was not sent ------------------------------------------------------------------------------------------

ALICE = ("localhost:12345", "alice")
WRITTEN = {
    "garden": Unsent("half a thought"),
    "@alice,bob": Unsent(
        "mine?", "edit", 7, "alice", "alice", "09:12", before=Unsent("yes", "reply", 5, words="well?")
    ),
    "lobby": Unsent(refused=(Unsent("corrected", "edit", 3),)),
}


def test_what_was_not_sent_comes_back(tmp_path: Path) -> None:
    keep = Keep(tmp_path)
    assert keep.unsent(*ALICE) == {}
    keep.keep_unsent(*ALICE, {**WRITTEN, "empty": Unsent()})
    assert Keep(tmp_path).unsent(*ALICE) == WRITTEN
    assert keep.unsent("localhost:12345", "bob") == keep.unsent("localhost:12346", "alice") == {}
    if sys.platform != "win32":
        folder = tmp_path / "unsent"
        assert [stat.S_IMODE(path.stat().st_mode) for path in [folder, *folder.iterdir()]] == [0o700, 0o600]


def test_what_was_sent_leaves_no_trace(tmp_path: Path) -> None:
    keep = Keep(tmp_path)
    keep.keep_unsent(*ALICE, WRITTEN)
    keep.keep_unsent(*ALICE, {"garden": Unsent()})
    assert list((tmp_path / "unsent").iterdir()) == []
    keep.keep_unsent(*ALICE, {})


@pytest.mark.parametrize("content", [b"", b"{", b'{"garden": 1}', b"\xff"])
def test_what_cannot_be_read_is_nothing(tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture) -> None:
    keep = Keep(tmp_path)
    keep.keep_unsent(*ALICE, WRITTEN)
    (path,) = (tmp_path / "unsent").iterdir()
    path.write_bytes(content)
    assert keep.unsent(*ALICE) == {}
    assert "could not be read" in caplog.text


def test_what_was_not_sent_and_cannot_be_written(lost: Keep, caplog: pytest.LogCaptureFixture) -> None:
    lost.keep_unsent(*ALICE, WRITTEN)
    assert "cannot be written" in caplog.text
    lost.keep_unsent(*ALICE, {})
    lost.folder.unlink()
    lost.keep_unsent(*ALICE, WRITTEN)
    assert lost.unsent(*ALICE) == WRITTEN


# --- the keyring ------------------------------------------------------------------------------------------------


def test_a_keyring_keeps_the_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ring = use(monkeypatch, Ring())
    token = Keep(tmp_path).token("localhost:12345", "alice")
    assert ring.kept == {("Parley", "alice@localhost:12345"): token}
    assert Keep(tmp_path).token("localhost:12345", "alice") == token
    assert not (tmp_path / "tokens.json").exists()


@pytest.mark.parametrize("fault", ["raises", "read only", "keeps nothing"])
def test_a_keyring_that_fails_is_replaced_by_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    use(monkeypatch, Ring(fault))
    token = Keep(tmp_path).token("localhost:12345", "alice")
    assert json.loads((tmp_path / "tokens.json").read_text()) == {"alice@localhost:12345": token}
    assert Keep(tmp_path).token("localhost:12345", "alice") == token


def test_notifications_and_absence_are_remembered(tmp_path: Path) -> None:
    keep = Keep(tmp_path)
    assert (keep.level, keep.hide_text, keep.auto_away, keep.idle_minutes) == ("mentions", False, True, 10)
    assert keep.preferences("a:1") == Preferences()
    keep.level, keep.hide_text, keep.auto_away, keep.idle_minutes, keep.move_less = "nothing", True, False, 25, True
    keep.notify("a:1", "lobby", "all")
    keep.notify("a:1", "@alice,bob", "nothing")
    keep.notify("a:1", "garden", "all")
    keep.notify("a:1", "garden", None)
    keep.notify("b:1", "lobby", None)
    keep.save()

    again = Keep(tmp_path)
    assert (again.auto_away, again.idle_minutes, again.move_less) == (False, 25, True)
    assert again.preferences("a:1") == Preferences({"lobby": "all", "@alice,bob": "nothing"}, "nothing", True)
    assert again.preferences("b:1") == Preferences({}, "nothing", True)
    assert b'"b:1"' not in (tmp_path / "settings.json").read_bytes()


def test_settings_of_an_earlier_version_are_read(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text('{"recent": [["a:1", "alice", "A", "t"]], "theme": "dark", "geometry": ""}')
    keep = Keep(tmp_path)
    assert keep.theme == "dark" and keep.recent[0].user == "alice" and keep.idle_minutes == 10


def test_a_server_is_forgotten(tmp_path: Path) -> None:
    keep = Keep(tmp_path)
    keep.remember("a:1", "alice", "A", "t1")
    keep.remember("a:1", "bob", "A", "t2")
    keep.keep_unsent("a:1", "alice", {"lobby": Unsent("a secret")})
    keep.forget("a:1", "alice")
    assert keep.unsent("a:1", "alice") == {}
    keep.forget("b:1", "alice")
    assert [known.user for known in keep.recent] == ["bob"]


def test_what_waits_has_a_folder_for_each_server_and_name(tmp_path: Path) -> None:
    keep = Keep(tmp_path)
    places = [("h:1", "alice"), ("h:1", "bob"), ("h:2", "alice"), ("chats://h:1", "alice"), ("[::1]:1", "上" * 32)]
    folders = {keep.waiting(server, user) for server, user in [*places, *places]}
    assert len(folders) == len(places)
    for folder in folders:
        folder.mkdir(parents=True)
        assert folder.parent == tmp_path / "waiting"
    assert keep.cache == tmp_path / "cache"
