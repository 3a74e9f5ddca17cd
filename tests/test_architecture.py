"""The house of DESIGN section 2: imports point downwards, pure modules are pure, and files are one idea each."""

import ast
import re
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("shared", "chatserver", "chatclient")
LONGEST = 350

NEVER = {
    "shared": ("chatserver", "chatclient", "bench", "tests", "tools"),
    "chatserver": ("chatclient", "bench", "tests", "tools"),
    "chatclient": ("chatserver", "bench", "tests", "tools"),
}
"""Who must not import whom, packages."""

BELOW = {
    "chatserver.log": (
        "chatserver.hub",
        "chatserver.session",
        "chatserver.door",
        "chatserver.fronts",
        "chatserver.app",
    ),
    "chatserver.index": ("chatserver.hub", "chatserver.session", "chatserver.door", "chatserver.app"),
    "chatserver.rooms": ("chatserver.hub", "chatserver.log", "chatserver.session", "chatserver.accounts"),
    "chatserver.files": (
        "chatserver.hub",
        "chatserver.session",
        "chatserver.door",
        "chatserver.fronts",
        "chatserver.app",
    ),
    "chatserver.hub": ("chatserver.session", "chatserver.commands", "chatserver.door", "chatserver.app"),
    "chatserver.commands": ("chatserver.door", "chatserver.fronts", "chatserver.app"),
    "chatserver.session": ("chatserver.door", "chatserver.app"),
    "chatserver.fronts": ("chatserver.app",),
    "chatserver.door": ("chatserver.app",),
    "chatclient.model": ("chatclient.client", "chatclient.bridge", "chatclient.desktop", "chatclient.terminal"),
    "chatclient.timeline": ("chatclient.model", "chatclient.client", "chatclient.bridge", "chatclient.desktop"),
    "chatclient.client": ("chatclient.bridge", "chatclient.desktop", "chatclient.terminal"),
    "chatclient.terminal": ("chatclient.bridge", "chatclient.desktop"),
    "chatclient.bridge": ("chatclient.desktop",),
}
"""Parts, and what lies above them."""

CONCRETE_LOG = {"chatserver.app", "chatserver.legacy", "chatserver.verify"}
"""Who may name the text file as the log: the server's builder, and the tools that work on that very file."""

PURE = {
    "shared.protocol",
    "shared.record",
    "shared.rules",
    "shared.errors",
    "chatserver.rooms",
    "chatserver.rates",
    "chatclient.outbox",
    "chatclient.model",
    "chatclient.timeline",
}
"""Pure by design; besides them every module whose docstring calls it pure must be."""

IMPURE = re.compile(
    r"(asyncio|tkinter|customtkinter|socket|ssl|subprocess|threading|sqlite3|time|random|secrets|uuid|os|pathlib|aiofiles"
    r"|keyring|aiohttp)(\..*)?"
)
WORDLESS = re.compile(r"(utils?|helpers?|managers?|common|misc)\.(py|js)")


@cache
def modules() -> dict[str, Path]:
    """Every module of the product by its dotted name."""
    found = {}
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def imports(name: str) -> frozenset[str]:
    """What a module imports, dotted; a name out of a package counts as its module where there is one."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(modules()[name].read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} imports relatively"
            assert node.module is not None
            whole = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {module if module in modules() else node.module for module in whole}
    return frozenset(found)


def pure_modules() -> list[str]:
    """Those of `PURE`, and those that say so of themselves."""
    says_so = {
        name
        for name, path in modules().items()
        if re.search(r"\b(PURE|Pure)\b", ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "")
    }
    return sorted((PURE & modules().keys()) | says_so)


def within(module: str, part: str) -> bool:
    return module == part or module.startswith(part + ".")


def sources() -> list[Path]:
    """Every source file that is ours."""
    folders = ("shared", "chatserver", "chatclient", "tests", "tools", "bench")
    return [path for folder in folders for kind in ("py", "js", "sh") for path in (ROOT / folder).rglob(f"*.{kind}")]


def test_there_is_something_to_check() -> None:
    assert len(modules()) > 20
    assert "shared.rules" in imports("chatserver.rooms") and "unicodedata" in imports("shared.rules")


@pytest.mark.parametrize(("lower", "higher"), [*NEVER.items(), *BELOW.items()])
def test_imports_point_downwards(lower: str, higher: tuple[str, ...]) -> None:
    wrong = [
        f"{name} imports {target}"
        for name in modules()
        if within(name, lower)
        for target in imports(name)
        if any(within(target, part) for part in higher)
    ]
    assert wrong == []


def test_no_imports_in_circles() -> None:
    graph = {name: {target for target in imports(name) if target in modules() and target != name} for name in modules()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_only_the_builder_names_a_concrete_log() -> None:
    named = {name for name in modules() if "chatserver.log.textfile" in imports(name)}
    assert named <= CONCRETE_LOG, f"{sorted(named - CONCRETE_LOG)} should go through chatserver.log.contract"


@pytest.mark.parametrize("name", pure_modules())
def test_pure_modules_are_pure_all_the_way_down(name: str) -> None:
    wrong, seen, todo = [], {name}, [name]
    while todo:
        module = todo.pop()
        for target in imports(module):
            if IMPURE.fullmatch(target):
                wrong.append(f"{module} imports {target}")
            elif target in modules() and target not in seen:
                seen.add(target)
                todo.append(target)
    assert wrong == []


def test_the_check_of_purity_can_fail() -> None:
    assert any(IMPURE.fullmatch(target) for target in imports("chatserver.hub"))


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_one_idea(path: Path) -> None:
    text = path.read_text("utf-8")
    length = len(text.splitlines())
    assert length <= LONGEST
    assert not WORDLESS.fullmatch(path.name), "this name says nothing"
    if path.suffix == ".py" and text.strip():
        assert ast.get_docstring(ast.parse(text)), "a module opens with a docstring"
    for number, line in enumerate(text.splitlines(), 1):
        silenced = re.search(r"# (type: ignore(\[[\w, -]+\])?|noqa(: ?[A-Z0-9, ]+)?)\s*(.*)$", line)
        assert not silenced or silenced[4], f"line {number}: say on the line why this is silenced"
