"""kill -9 in mid-stream: everything that had been published is in the file, and the file opens.

The control runs the same check over a log that publishes before it writes, and must find messages missing.
"""

import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from chatserver.log.contract import Log
from chatserver.log.textfile import TextLog
from chatserver.verify import verify
from tests.log.histories import HISTORY, reopen

WRITER = textwrap.dedent(
    """
    import asyncio, sys
    from pathlib import Path
    from chatserver.log.disk import Disk
    from chatserver.log.textfile import TextLog
    from shared.protocol import Message

    class Hasty(Disk):
        '''Says that a batch is durable as soon as it is asked to write it: the fault that this test must find.'''
        def __init__(self, *where):
            super().__init__(*where)
            self.pretended = super().size()
        def size(self):
            return self.pretended
        def write(self, data):
            self.pretended += len(data)
            return len(data)
        def sync(self):
            pass

    async def main(folder, hasty):
        log = TextLog.open(Path(folder), disk=Hasty if hasty else Disk)
        begin = log.tip
        async def speak():
            n = begin
            while True:
                for _ in range(20):
                    n += 1
                    text = f"text {n} " + "x" * (n % 400)
                    log.submit(Message(room=f"room{n % 5}", user="alice", id=f"a{n}", text=text))
                await log.drained()
                await asyncio.sleep(0)
        speaking = asyncio.create_task(speak())
        async for batch in log.follow(begin):
            for event in batch.stored:
                print(event.seq, event.id, event.text, flush=False)
            sys.stdout.flush()

    asyncio.run(main(sys.argv[1], sys.argv[2] == "hasty"))
    """
)


def published_until_killed(folder: Path, how: str, lines: int) -> list[str]:
    """Run a writer, kill it in the middle, and return what it had published: `seq id text`."""
    process = subprocess.Popen([sys.executable, "-c", WRITER, str(folder), how], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process.stdout:
        found = [process.stdout.readline() for _ in range(lines)]
        process.send_signal(signal.SIGKILL)
        found += process.stdout.readlines()
    process.wait()
    if found and not found[-1].endswith("\n"):
        found.pop()  # killed while it printed
    return [line.rstrip("\n") for line in found]


async def stored(folder: Path) -> set[str]:
    return {f"{event.seq} {event.id} {event.text}" for event in await reopen(folder)}  # type: ignore[union-attr]  # messages


@pytest.mark.slow
async def test_all_that_was_published_is_there_after_kill_9(tmp_path: Path) -> None:
    published: list[str] = []
    for round_ in range(3):
        published += published_until_killed(tmp_path, "honest", 2000 + 777 * round_)
        there = await stored(tmp_path)
        assert set(published) <= there
        assert verify(tmp_path / HISTORY).bad is None
    assert len(published) > 6000
    log: Log = TextLog.open(tmp_path)
    assert log.tip == verify(tmp_path / HISTORY).events
    await log.close()


async def test_the_check_finds_a_log_that_publishes_before_it_writes(tmp_path: Path) -> None:
    published = published_until_killed(tmp_path, "hasty", 500)
    assert not set(published) <= await stored(tmp_path)


@pytest.mark.slow
async def test_many_kills(tmp_path: Path) -> None:
    published: set[str] = set()
    for round_ in range(10):
        published |= set(published_until_killed(tmp_path, "honest", 1 + 397 * round_))
        assert published <= await stored(tmp_path)
