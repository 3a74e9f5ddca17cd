"""The history of `samples.py` as a file, and a reader who lives in Berlin."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.replay.samples import EVENTS, history_bytes


@pytest.fixture
def history(tmp_path: Path) -> Path:
    path = tmp_path / "chat_history.txt"
    path.write_bytes(history_bytes(EVENTS))
    return path


@pytest.fixture
def in_zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The system's zone is Berlin's while the test runs."""
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str | bytes], Path]:
    """`write(contents)` makes a file and gives its path."""

    def make(contents: str | bytes) -> Path:
        path = tmp_path / "older.txt"
        path.write_bytes(contents.encode() if isinstance(contents, str) else contents)
        return path

    return make
