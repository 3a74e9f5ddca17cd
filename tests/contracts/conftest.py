"""Both logs, each with a clock that is moved by hand."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chatserver.log.contract import Log
from chatserver.log.memory import MemoryLog
from chatserver.log.textfile import TextLog
from tests.contracts.drafts import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["memory", "text"])
async def log(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> AsyncIterator[Log]:
    made: Log = MemoryLog(clock=clock) if request.param == "memory" else TextLog.open(tmp_path, clock=clock)
    yield made
    await made.close()
