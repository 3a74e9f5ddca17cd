"""What `pip install .` brings is whole: unpacked elsewhere, without the checkout, it serves its page and speaks."""

import os
import subprocess
import sys
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.processes import PATIENCE, READY, ROOT

pytestmark = [pytest.mark.slow, pytest.mark.process]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, unpacked."""
    made, folder = tmp_path_factory.mktemp("wheel"), tmp_path_factory.mktemp("installed")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", str(made)]
    subprocess.run([*command, str(ROOT)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    (wheel,) = made.glob("parley-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def environment(installed: Path, home: Path) -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(installed), "PARLEY_HOME": str(home), "PARLEY_KEYRING": "off"}


@contextmanager
def served(installed: Path, folder: Path) -> Iterator[int]:
    """The port of its server."""
    with subprocess.Popen(
        [sys.executable, "-m", "chatserver", "--port", "0", "--host", "127.0.0.1"],
        cwd=folder,
        env=environment(installed, folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            said = READY.search(process.stdout.readline())
            assert said is not None
            yield int(said[2])
        finally:
            process.terminate()
            assert process.wait(PATIENCE) == 0


def contents(folder: Path) -> set[str]:
    packages = (folder / name for name in ("chatserver", "chatclient", "shared"))
    files = (file for package in packages for file in package.rglob("*") if file.is_file())
    return {str(file.relative_to(folder)) for file in files if "__pycache__" not in file.parts}


def test_every_file_of_the_packages_is_in_it(installed: Path) -> None:
    assert contents(installed) == contents(ROOT)


def test_it_serves_and_speaks_without_the_checkout(installed: Path, tmp_path: Path) -> None:
    asked = [sys.executable, "-c", "import chatserver, chatclient; print(chatserver.__file__, chatclient.__file__)"]
    told = subprocess.run(asked, cwd=tmp_path, env=environment(installed, tmp_path), capture_output=True, check=True)
    assert told.stdout.decode().count(str(installed)) == 2, "the control: it is not the checkout that runs"
    with served(installed, tmp_path) as port:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=PATIENCE) as answer:
            assert b"/assets/main.js" in answer.read()
        command = [sys.executable, "-m", "chatclient", "send", "lobby", "deploy done"]
        who = ["--server", f"127.0.0.1:{port}", "--user", "alice"]
        done = subprocess.run([*command, *who], cwd=tmp_path, env=environment(installed, tmp_path), check=False)
        assert done.returncode == 0
    assert "text=deploy done" in (tmp_path / "history/chat_history.txt").read_text("utf-8")
