"""The spool: what it holds outlives the program, torn or damaged lines cost themselves alone, and nobody shares one."""

import asyncio
import logging
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from chatclient.journal import Dropped, Item, Kept, Refusal, Settled, encoded, read
from chatclient.spool import EMPTIED, Spool, SpoolError
from shared.protocol import Edit, File, Post, React
from tests.client.scripted import TIME

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")


def item(ident: str, text: str = "hello", **more: str) -> Item:
    return Item(Post(id=ident, room="lobby", text=text), TIME, **more)


def kept(upload: str) -> Kept:
    return Kept(upload, upload, File(file="a" * 64, name="cat.png", mime="image/png", size=3))


def ids(spool: Spool) -> list[str]:
    return list(spool.held.items)


async def test_what_waits_comes_back_in_order_and_what_is_settled_does_not(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "new" / "spool")
    changes = [Edit(id="c2", room="lobby", of=3, text="new\ntext 😀"), React(id="c3", room="@bob", of=3, emoji="👍")]
    spool.write(item("c1"))
    spool.write(*(Item(change, TIME) for change in changes))
    spool.write(item("c4"), item("c5"), Refusal("c4", "not_member", "You are not in lobby."))
    spool.write(Settled("c1"), Settled("unknown"))
    await spool.close()
    again = Spool(tmp_path / "new" / "spool")
    assert ids(again) == ["c2", "c3", "c4", "c5"]
    assert [each.change for each in again.held.items.values()][:2] == changes
    assert (again.held.items["c4"].code, again.held.items["c4"].message) == ("not_member", "You are not in lobby.")
    again.write(item("c6", instead="c4"))
    assert ids(again) == ["c2", "c3", "c5", "c6"]
    await again.close()


def test_a_write_is_with_the_system_when_it_returns(tmp_path: Path) -> None:
    """A process that is killed right after `write` has lost nothing; the control is the one killed right before."""
    script = (
        "import asyncio, os, signal, sys; from pathlib import Path; from chatclient.spool import Spool\n"
        "from tests.client.test_spool import item\n"
        "async def main():\n"
        "    spool = Spool(Path(sys.argv[1])); spool.write(item('c1'))\n"
        "    if sys.argv[2] == 'after': spool.write(item('c2'))\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "asyncio.run(main())\n"
    )
    for when, held in [("after", ["c1", "c2"]), ("before", ["c1"])]:
        folder = tmp_path / when
        subprocess.run([sys.executable, "-c", script, folder, when], check=False, env={**os.environ, "PYTHONPATH": "."})
        again = Spool(folder)
        assert ids(again) == held


@posix
async def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool")
    spool.write(item("c1"))
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "spool").rglob("*")}
    assert modes == {"1": 0o700, "journal": 0o600, "lock": 0o600}
    await spool.close()


@pytest.mark.parametrize("cut", [1, 20, 60])
async def test_a_torn_tail_costs_the_last_line(tmp_path: Path, cut: int) -> None:
    spool = Spool(tmp_path)
    spool.write(item("c1"))
    spool.write(item("c2"))
    await spool.close()
    journal = tmp_path / "1" / "journal"
    journal.write_bytes(journal.read_bytes()[:-cut])
    again = Spool(tmp_path)
    # Without its newline alone the line is whole.
    assert ids(again) == (["c1", "c2"] if cut == 1 else ["c1"])
    again.write(item("c3"))
    await again.close()
    third = Spool(tmp_path)
    assert ids(third)[-1] == "c3" and len(ids(third)) == len(ids(again))
    await third.close()


async def test_a_damaged_line_costs_itself_and_is_put_aside(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    spool = Spool(tmp_path)
    for ident in ("c1", "c2", "c3"):
        spool.write(item(ident))
    await spool.close()
    journal = tmp_path / "1" / "journal"
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(lines[0] + b"\0" * 40 + b"\n" + lines[2])
    with caplog.at_level(logging.WARNING):
        again = Spool(tmp_path)
    assert ids(again) == ["c1", "c3"]
    assert "could not be read (line 2" in caplog.text and b"\0\0" in journal.with_suffix(".broken").read_bytes()
    await again.close()


async def test_the_journal_is_emptied_when_nothing_waits(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    journal = tmp_path / "1" / "journal"
    for number in range(2 * EMPTIED // 200):
        spool.write(item(f"c{number}", "x" * 100))
        spool.write(Settled(f"c{number}"))
    assert journal.stat().st_size < EMPTIED + 1000
    spool.write(item("last"))
    await spool.close()
    again = Spool(tmp_path)
    assert ids(again) == ["last"]
    await again.close()


async def test_the_journal_is_written_anew_where_something_waits_for_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatclient.spool.LONG", 5_000)
    spool = Spool(tmp_path)
    spool.write(item("failed"), Refusal("failed", "not_member", "You are not in lobby."))
    for number in range(100):
        spool.write(item(f"c{number}", "x" * 100))
        spool.write(Settled(f"c{number}"))
    spool.write(item("last"))
    assert (tmp_path / "1" / "journal").stat().st_size < 7_000
    await spool.close()
    again = Spool(tmp_path)
    assert ids(again) == ["failed", "last"] and again.held.items["failed"].code == "not_member"
    await again.close()


async def test_two_windows_have_a_spool_each_and_the_next_one_takes_in_what_is_left(tmp_path: Path) -> None:
    first, second = Spool(tmp_path), Spool(tmp_path)
    first.write(item("a1"))
    second.write(item("b1"), kept("u1"), kept("u2"), Dropped("u2"))
    second.path("u1").write_bytes(b"cat")
    second.path("u2").write_bytes(b"dog")
    third = Spool(tmp_path)
    assert ids(third) == []  # both are in use
    await third.close()
    await second.close()
    await first.close()
    alone = Spool(tmp_path)
    assert ids(alone) == ["a1", "b1"]
    assert list(alone.held.uploads) == ["u1"] and alone.path("u1").read_bytes() == b"cat"
    other = Spool(tmp_path)
    assert ids(other) == []  # not a second time
    assert not (tmp_path / "2" / "u2.bytes").exists() and not (tmp_path / "1" / "u2.bytes").exists()
    await other.close()
    await alone.close()


async def test_a_takeover_that_ended_halfway_loses_nothing(tmp_path: Path) -> None:
    """Killed after its journal was written, and before the other's files were moved and its journal taken away."""
    first, second = Spool(tmp_path), Spool(tmp_path)
    second.write(item("b1"), kept("u1"))
    second.path("u1").write_bytes(b"cat")
    await first.close()
    await second.close()
    (tmp_path / "1" / "journal").write_bytes((tmp_path / "2" / "journal").read_bytes())
    again = Spool(tmp_path)
    assert ids(again) == ["b1"] and again.path("u1").read_bytes() == b"cat"
    assert not (tmp_path / "2" / "journal").exists()
    await again.close()


async def test_what_waits_goes_to_the_disk_and_what_does_not_is_spared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    spool = Spool(tmp_path)
    monkeypatch.setattr(os, "fsync", synced.append)
    monkeypatch.setattr("chatclient.spool.SYNC", 0.0)
    spool.write(item("c1"))
    spool.write(Settled("c1"))
    await asyncio.sleep(0.05)
    assert synced == []
    for ident in ("c2", "c3", "c4"):
        spool.write(item(ident))
    await spool.close()
    assert len(synced) == 1


async def test_a_full_disk_costs_nothing_but_the_keeping(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    spool = Spool(tmp_path)
    spool.write(item("c1"))
    with pytest.MonkeyPatch.context() as patch:

        def full(descriptor: int, content: bytes) -> int:
            raise OSError(28, "No space left on device")

        patch.setattr(os, "write", full)
        spool.write(item("c2"))
    assert "No space left on device" in caplog.text and ids(spool) == ["c1", "c2"]
    spool.write(item("c3"))
    await spool.close()
    again = Spool(tmp_path)
    assert ids(again) == ["c1", "c3"]
    await again.close()


@posix
def test_a_folder_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SpoolError, match=r"What waits cannot be kept in .*file"):
        Spool(tmp_path / "file")


def test_what_is_written_anew_reads_back_the_same() -> None:
    held, wrong = read(encoded([item("c1"), kept("u1"), item("c2"), Refusal("c1", "x", "No."), Settled("c9")]))
    assert not wrong
    again, _ = read(encoded(held.lines()))
    assert (again.items, again.uploads) == (held.items, held.uploads)
