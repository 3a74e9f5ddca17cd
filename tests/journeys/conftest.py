"""One screen for all journeys: a process that has used Tk must not outlive its display."""

import shutil
from collections.abc import Iterator

import pytest

from tests.conftest import missing
from tests.journeys.screen import Screen
from tests.web.conftest import browser

__all__ = ["browser"]


@pytest.fixture(scope="session")
def whole_screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    for tool in ("Xvfb", "xdotool"):
        if not shutil.which(tool):
            missing(f"journeys need {tool}: apt-get install {tool.lower()}")
    screen = Screen(tmp_path_factory.mktemp("screen"), across=3)
    yield screen
    screen.close()


@pytest.fixture
def screen(whole_screen: Screen) -> Iterator[Screen]:
    """The screen, empty again after each test."""
    yield whole_screen
    whole_screen.clear()
