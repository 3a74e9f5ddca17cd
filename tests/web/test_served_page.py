"""The page is served whole, once, and with the headers that let nothing else run."""

import gzip
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest

from chatserver.fronts.http import page
from tests.processes import ServerProcess


@pytest.fixture(scope="module")
def server_of_pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    server = ServerProcess(tmp_path_factory.mktemp("pages"), ())
    server.start()
    yield server
    server.stop()


@pytest.fixture
async def http(server_of_pages: ServerProcess) -> AsyncIterator[aiohttp.ClientSession]:
    base = f"http://127.0.0.1:{server_of_pages.port}"
    async with aiohttp.ClientSession(base, auto_decompress=False, headers={"Accept-Encoding": "identity"}) as session:
        yield session


def served() -> list[tuple[str, Path]]:
    """Addresses, and the files that they stand for."""
    files = [path for path in sorted(page.FOLDER.rglob("*")) if path.suffix in page.KINDS]
    names = [path.relative_to(page.FOLDER).as_posix() for path in files]
    return [("/" if name == page.INDEX else f"/assets/{name}", path) for name, path in zip(names, files, strict=True)]


async def test_every_file_of_the_page_comes_as_it_is(http: aiohttp.ClientSession) -> None:
    assert served(), "there is a page"
    for address, path in served():
        async with http.get(address) as answer:
            assert answer.status == 200, address
            assert await answer.read() == path.read_bytes()
            assert answer.headers["Content-Type"] == page.KINDS[path.suffix]
            assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_browser_that_has_it_need_not_fetch_it(http: aiohttp.ClientSession) -> None:
    address, path = max(served(), key=lambda each: each[1].stat().st_size * (each[1].suffix == ".js"))
    async with http.get(address) as answer:
        tag = answer.headers["ETag"]
        assert answer.headers["Cache-Control"] == "no-cache" and not tag.startswith("W/")
    async with http.get(address, headers={"Accept-Encoding": "br, gzip;q=0.8"}) as answer:
        packed = await answer.read()
        assert answer.headers["Content-Encoding"] == "gzip" and answer.headers["Vary"] == "Accept-Encoding"
        assert gzip.decompress(packed) == path.read_bytes()
        weak = answer.headers["ETag"]
    for known in (tag, weak, f'"x", {weak}', "*"):
        async with http.get(address, headers={"If-None-Match": known}) as answer:
            assert (answer.status, await answer.read()) == (304, b"")
    async with http.get(address, headers={"If-None-Match": '"x"'}) as answer:
        assert answer.status == 200
    async with http.head(address) as answer:
        assert answer.status == 200 and int(answer.headers["Content-Length"]) == path.stat().st_size


async def test_nothing_runs_but_the_page_s_own(http: aiohttp.ClientSession) -> None:
    async with http.get("/") as answer:
        policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
        headers = answer.headers
    assert policy["default-src"] == "'none'" and policy["script-src"] == "'self'" and policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["form-action"] == "'none'"
    assert policy["img-src"] == "'self' blob: data:" and policy["connect-src"] == "'self'"
    assert "unsafe" not in headers["Content-Security-Policy"] and "http" not in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path", ["/assets/", "/assets/index.html", "/assets/nothing.js", "/assets/..%2f..%2fapp.py", "/index.html", "/web"]
)
async def test_nothing_else_is_there(http: aiohttp.ClientSession, path: str) -> None:
    async with http.get(path) as answer:
        assert answer.status == 404
        assert json.loads(await answer.read())["error"]["code"] == "bad_request"


def test_what_is_read(tmp_path: Path) -> None:
    (tmp_path / "js").mkdir()
    (tmp_path / "index.html").write_text("<p>page</p>")
    (tmp_path / "js" / "main.js").write_text("let a = 1;\n" * 100)
    (tmp_path / "README").write_text("for people")
    (tmp_path / "notes.md").write_text("for people")
    (tmp_path / "tiny.svg").write_text("<svg/>")
    found = page.read(tmp_path)
    assert list(found) == ["index.html", "js/main.js", "tiny.svg"]
    assert found["js/main.js"].packed and not found["tiny.svg"].packed, "packed where that is smaller"
    before = found["js/main.js"].tag
    (tmp_path / "js" / "main.js").write_text("let a = 2;\n" * 100)
    assert page.read(tmp_path)["js/main.js"].tag != before


@pytest.mark.parametrize(
    ("header", "takes"),
    [
        ("gzip", True),
        ("br, GZIP;q=0.5", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("", False),
        ("br", False),
    ],
)
def test_who_takes_gzip(header: str, takes: bool) -> None:
    assert page.takes_gzip(header) is takes
