"""Nothing that anybody writes becomes part of the page: texts, names, topics, file names show as they were written."""

import pytest

from tests.processes import ServerProcess
from tests.server.peer import Peer
from tests.web.browser import Visitor, expect
from tests.web.conftest import Visit
from tests.web.scene import dusk, token, upload

INJECTIONS = [
    "<script>window.broken = 1</script>",
    "<img src=x onerror='window.broken = 2'>",
    "<svg onload=window.broken=3>",
    '"><iframe srcdoc="<script>parent.broken=4</script>">',
    "<a href='javascript:window.broken=5'>a</a>",
    "[click](javascript:window.broken=6)",
    "javascript:window.broken=7",
    "[x](data:text/html,<script>window.broken=8</script>)",
    "https://evil.example/\" onmouseover=\"window.broken=9",
    "**<b onclick=window.broken=10>bold</b>**",
    "`<img src=https://evil.example/pixel>`",
    "```\n</code></pre><script>window.broken=11</script>\n```",
    "> <blockquote><style>*{display:none}</style>",
    "@<img/src=x/onerror=window.broken=12>",
    "![picture](https://evil.example/picture.png)",
    "<link rel=stylesheet href=https://evil.example/a.css><meta http-equiv=refresh content='0;url=https://evil.example/'>",
    "{{constructor.constructor('window.broken=13')()}} ${window.broken=14}",
    "<template><script>window.broken=15</script></template><math><mi//xlink:href='data:x'>",
    "</textarea></title></script><script>window.broken=16</script>",
    "\u202e<script>window.broken=17</script>\u2066",
    "https://example.org/100% and chat://127.0.0.1/% and chat://[/x",
]  # fmt: skip


pytestmark = pytest.mark.asyncio(loop_scope="session")


async def unharmed(visitor: Visitor) -> None:
    """No script ran, nothing was asked of another host, nothing hangs in the page that is not the page's."""
    assert await visitor.run("window.broken") is None
    assert (
        visitor.asked and [url for url in visitor.asked if "127.0.0.1" not in url and not url.startswith("blob:")] == []
    )
    assert (
        await visitor.run(
            "document.querySelectorAll('iframe, object, embed, article script, article style, article link').length"
        )
        == 0
    )
    links: list[str] = await visitor.run("[...document.querySelectorAll('article a')].map((a) => a.href)")
    assert all(link.startswith(("https://", "http://", "mailto:", "chat://")) for link in links), links


async def test_injections_show_as_text(visit: Visit, harbour: ServerProcess) -> None:
    mallory = await Peer.sign_in(harbour.port, "mallory")
    await mallory.change("create", "traps", topic=INJECTIONS[0])
    await mallory.ask(type="profile", id="p1", display=INJECTIONS[1])
    await mallory.ask(type="status", state="busy", note=INJECTIONS[2])
    alice = await Peer.sign_in(harbour.port, "alice", token("alice"))
    await alice.change("join", "traps")
    for text in INJECTIONS:
        answer = await mallory.change("post", "traps", text=text)
        assert answer["type"] == "ok", answer
    last = answer["seq"]
    await mallory.change("post", "traps", text="answered", reply_to=last)
    await mallory.change("post", "@alice", text=INJECTIONS[1])
    _name_files(harbour.port)
    files = [upload(harbour.port, "mallory", name, data) for name, data in _files()]
    answer = await mallory.change("post", "traps", text=INJECTIONS[4], files=[file["file"] for file in files])
    assert answer["type"] == "ok", answer

    reader = await visit("alice", token=token("alice"), room="traps", watched=True)
    await expect(reader.page.locator("article")).to_have_count(len(INJECTIONS) + 2)
    shown = "\n".join(await reader.texts())
    for text in (INJECTIONS[0], INJECTIONS[1], INJECTIONS[3], INJECTIONS[5], INJECTIONS[18]):
        assert text in shown
    await expect(reader.page.locator(".topic")).to_have_text(INJECTIONS[0])
    await expect(reader.page.locator("article .name").first).to_have_text(INJECTIONS[1])
    await expect(reader.page.locator(".filename").first).to_contain_text("<img src=x onerror=")
    await reader.page.get_by_role("button", name="Members").click()
    await expect(reader.page.locator(".member", has_text="onload=window")).to_be_visible()
    await reader.page.locator(".member", has_text="onload=window").click()
    await reader.page.keyboard.press("Escape")
    await reader.page.keyboard.press("Control+f")
    await reader.page.keyboard.type("<script>")
    await expect(reader.page.locator(".hit mark").first).to_have_text("<script>")
    await reader.page.keyboard.press("Escape")
    await reader.page.keyboard.press("Control+k")
    await reader.page.keyboard.type("<img src=x")
    await expect(reader.page.locator("[role=option]").first).to_be_visible()
    await reader.page.keyboard.press("Escape")
    await reader.message("answered").get_by_role("button", name="In answer to").click()
    await reader.page.locator(".picture").click()
    await expect(reader.page.locator(".viewer")).to_contain_text("onerror")
    await reader.page.keyboard.press("Escape")
    await unharmed(reader)
    await mallory.close()
    await alice.close()


def _files() -> list[tuple[str, bytes]]:
    quoted = "%3Cimg%20src%3Dx%20onerror%3Dwindow.broken%3D20%3E"
    return [
        (quoted + ".svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='window.broken=21'/>"),
        (quoted + ".png", dusk(64, 64)),
    ]


def _name_files(port: int) -> None:
    """The server says of an SVG that it is a download, so the page must not draw it."""
    found = upload(port, "mallory", "a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    assert found.get("width", 0) == 0


async def test_the_policy_stops_what_the_page_does_not_do_itself(visit: Visit) -> None:
    """The control: what the injections want would be stopped even where the page had a hole."""
    reader = await visit("peggy")
    reader.expected("Content Security Policy|Trusted|TrustedHTML")
    with pytest.raises(Exception, match="TrustedHTML"):
        await reader.run("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.broken=1\">')")
    with pytest.raises(Exception, match="TrustedScriptURL"):
        await reader.run("document.createElement('script').src = 'https://evil.example/x.js'")
    await reader.run("fetch('https://evil.example/').catch(() => null)")
    assert await reader.run("window.broken") is None


async def test_the_token_is_in_no_address(visit: Visit) -> None:
    reader = await visit("oscar", watched=True)
    await reader.say("hello")
    await reader.stored("hello")
    known: str = await reader.run("JSON.parse(localStorage.getItem('parley:who')).token")
    assert len(known) == 64
    assert any(url.startswith("ws://") for url in reader.asked)
    assert not [url for url in reader.asked if known in url]
    assert known not in await reader.run("location.href + document.documentElement.outerHTML")
