"""What the page is made of: no HTML made of text, nothing from elsewhere, the tables of the other clients."""

import re
from pathlib import Path

from tools import web_emoji

WEB = Path(__file__).resolve().parents[2] / "chatserver" / "web"
FORBIDDEN = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\s*\(|new Function|setHTML|srcdoc|DOMParser"
    r"|createContextualFragment|setTimeout\(\s*['\"`]|javascript:"
)


def test_the_sources_make_no_html_of_text() -> None:
    sources = sorted(WEB.rglob("*.js"))
    assert len(sources) > 20
    for path in sources:
        found = FORBIDDEN.search(path.read_text("utf-8"))
        assert found is None, f"{path.name}: {found[0]}"
    assert FORBIDDEN.search("box.innerHTML = text")


def test_the_page_has_no_script_or_style_in_it_and_no_other_host() -> None:
    html = (WEB / "index.html").read_text("utf-8")
    assert re.findall(r"<script[^>]*>(.*?)</script>", html, re.DOTALL) == [""]
    assert "<style" not in html and " style=" not in html and not re.search(r" on\w+=", html)
    for path in [*WEB.rglob("*.js"), *WEB.rglob("*.css"), WEB / "index.html"]:
        text = path.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"(?:src|href|url|import|fetch)[\s=(]*['\"(]https?://", text), path.name


def test_every_file_that_the_page_names_is_there() -> None:
    for path in WEB.rglob("*.js"):
        for name in re.findall(r"from '(\.[^']+)'", path.read_text("utf-8")):
            assert (path.parent / name).is_file(), f"{path.name} imports {name}"
    for name in re.findall(r"/assets/([\w./-]+)", (WEB / "index.html").read_text("utf-8")):
        assert (WEB / name).is_file(), name


def test_modules_are_of_one_idea() -> None:
    for path in WEB.rglob("*.js"):
        lines = path.read_text("utf-8").splitlines()
        assert len(lines) <= 350, f"{path.name} has {len(lines)} lines"
        assert lines[0].startswith("// "), f"{path.name} says nothing of itself"


def test_the_emoji_are_those_of_the_other_clients() -> None:
    assert (WEB / "emoji.json").read_text("utf-8") == web_emoji.made(), "run python -m tools.web_emoji"
