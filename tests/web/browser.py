"""Somebody at the page: what tests do there, and what they see."""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Locator, Page, expect

__all__ = ["Visitor", "clean", "expect", "script", "violations"]

BOX = "textarea.tx"
COLOURS = ("color-contrast", "link-in-text-block")
SCHEMES: tuple[tuple[Literal["light", "dark"], tuple[str, ...]], ...] = (("dark", COLOURS), ("light", ()))
"""The rules of axe-core that are asked in each; none stands for all."""


def script(name: str) -> str:
    """A function that is run in the page, from `scripts/`."""
    return (Path(__file__).parent / "scripts" / f"{name}.js").read_text("utf-8").rstrip().removesuffix(";")


class Visitor:
    """A person at a page. `complaints`: errors in the console and what was raised; `asked`: of one who is `watched` the
    addresses that the page asked for."""

    def __init__(self, page: Page, port: int, watched: bool = False) -> None:
        self.page = page
        self.port = port
        self.complaints: list[str] = []
        self.asked: list[str] = []
        self._expected: list[str] = []
        page.on("console", lambda said: self._heard(said.type, said.text))
        page.on("pageerror", lambda error: self._heard("error", f"{error}\n{error.stack}"))
        if watched:
            page.on("request", lambda request: self.asked.append(request.url))
            page.on("websocket", lambda socket: self.asked.append(socket.url))

    def expected(self, pattern: str) -> None:
        """Complaints that hold this are what the test is about."""
        self._expected.append(pattern)
        self.complaints = [line for line in self.complaints if not re.search(pattern, line)]

    def _heard(self, kind: str, text: str) -> None:
        if kind == "error" and not any(re.search(pattern, text) for pattern in self._expected):
            self.complaints.append(text)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    async def begin(self, name: str, token: str, room: str) -> None:
        """Open the page; with a name sign in, by the form or with the token of another device."""
        if token:
            who = json.dumps({"user": name, "token": token})
            await self.page.add_init_script(
                f"if (!localStorage.getItem('parley:who')) localStorage.setItem('parley:who', {json.dumps(who)})"
            )
        await self.page.goto(self.url + (f"#{room}" if room else ""))
        if name and not token:
            await self.sign_in(name)
        if name:
            await expect(self.page.locator("nav.side")).to_have_count(1)
            await expect(self.page.locator(".side-top [role=status]")).to_contain_text("online")

    async def sign_in(self, name: str) -> None:
        await self.page.get_by_label("Your name").fill(name)
        await self.page.get_by_role("button", name="Connect").click()

    async def open(self, room: str) -> None:
        await self.page.locator(f".side [data-key='{room}'] button").click()
        await expect(self.page.locator("header h2")).to_have_text(room.split(",")[-1] if room[0] == "@" else room)

    async def make(self, room: str) -> None:
        """A new room, by the dialog."""
        await self.page.get_by_role("button", name="New room or message").click()
        await self.page.get_by_role("menuitem", name="New room").click()
        await self.page.get_by_label("Name").fill(room)
        await self.page.get_by_role("button", name="Create room").click()
        await expect(self.page.locator("header h2")).to_have_text(room)

    async def say(self, text: str) -> None:
        await self.page.locator(BOX).fill(text)
        await self.page.locator(BOX).press("Enter")

    def message(self, text: str) -> Locator:
        """The message with this text in it."""
        return self.page.locator("article").filter(has_text=text)

    async def sees(self, text: str) -> None:
        await expect(self.message(text)).to_be_visible()

    async def stored(self, text: str) -> None:
        """It is in the history: the check stands in it."""
        await expect(self.message(text).locator(".time .hidden", has_text="Sent")).to_have_count(1)

    async def texts(self) -> list[str]:
        """What the messages that are drawn say, in their order."""
        found: list[str] = await self.page.evaluate(
            """[...document.querySelectorAll('article .text')].map((text) => {
                const copy = text.cloneNode(true);
                copy.querySelectorAll('.time').forEach((time) => time.remove());
                return copy.textContent;
            })"""
        )
        return found

    async def run(self, script: str, argument: Any = None) -> Any:
        return await self.page.evaluate(script, argument)

    async def until(self, condition: str) -> None:
        """Wait until this holds in the page; `wait_for_function` would evaluate text there, against its policy."""
        await self.page.evaluate(
            f"""async () => {{
                const end = performance.now() + 10_000;
                while (!({condition})) {{
                    if (performance.now() > end) throw new Error('waited in vain');
                    await new Promise((done) => setTimeout(done, 20));
                }}
            }}"""
        )


async def violations(page: Page, rules: Sequence[str] = (), within: str = "") -> list[str]:
    """What axe-core finds, one line each; by these rules or by all, in what this selector finds or everywhere."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE_SCRIPT)
    options = {"resultTypes": ["violations"]} | ({"runOnly": list(rules)} if rules else {})
    found: list[str] = await page.evaluate(script("axe"), [within, options])
    return found


async def clean(visitor: Visitor, what: str, within: str = "") -> None:
    """Nothing is found, in the light, nor in the dark, where only colours are others."""
    for scheme, rules in SCHEMES:
        await visitor.page.emulate_media(color_scheme=scheme)
        await visitor.run(script("settled"))
        found = await violations(visitor.page, rules, within)
        assert not found, f"{what}, {scheme}\n" + "\n".join(found)
