"""`verify`: what it says of whole, growing and damaged histories."""

import io
from pathlib import Path

from chatserver.log.textfile import TextLog
from chatserver.verify import run, verify
from shared.protocol import Joined
from tests.log.histories import HISTORY, say, some, store, written


def said(path: Path) -> tuple[int, str]:
    out = io.StringIO()
    return run(path, out), out.getvalue()


async def test_a_whole_history_is_counted(tmp_path: Path) -> None:
    events = await written(tmp_path, *some(9), Joined(room="room1", user="dave", by="carol", id="j"))
    path = tmp_path / HISTORY
    report = verify(path)
    assert (report.events, report.rooms, report.people, report.bad) == (10, 3, 4, None)
    assert (report.first, report.last) == (events[0].time, events[-1].time)
    assert report.size == path.stat().st_size
    size = f"{report.size:,}"
    assert said(path) == (
        0,
        f"{path} is whole: 10 events, 3 rooms, 4 people, from {report.first} to {report.last}, {size} bytes.\n",
    )


async def test_a_history_without_events(tmp_path: Path) -> None:
    await written(tmp_path)
    code, words = said(tmp_path / HISTORY)
    assert code == 0
    assert "is whole: 0 events, 0 rooms, 0 people, " in words


async def test_the_history_of_a_running_server(tmp_path: Path) -> None:
    log = TextLog.open(tmp_path)
    await store(log, *some(5))
    path = tmp_path / HISTORY
    assert said(path)[0] == 0
    with path.open("ab") as file:
        file.write(b"6\t2026")
    code, words = said(path)
    assert (code, words[-31:]) == (0, " and an unfinished last line.\n"[-31:].rjust(31, ","))
    await log.close()


async def test_the_first_bad_line_is_named(tmp_path: Path) -> None:
    await written(tmp_path, *some(5), say("let me be", "x"))
    path = tmp_path / HISTORY
    path.write_bytes(path.read_bytes().replace(b"text 4", b"text 5"))
    at = path.read_bytes().index(b"\n4\t") + 1
    code, words = said(path)
    assert code == 1
    assert words.startswith(
        f"{path} is damaged in line 5 (at byte {at:,}): its hash does not fit it and the line before it.\n"
        f"Good before it: 3 events, "
    )


def test_what_is_no_history(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear carol,\n")
    assert said(path)[0] == 1
    assert "line 1 " in said(path)[1]
    code, words = said(tmp_path / "nothing.txt")
    assert (code, words) == (1, f"{tmp_path}/nothing.txt cannot be read: No such file or directory.\n")
