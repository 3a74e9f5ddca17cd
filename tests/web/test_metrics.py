"""`/metrics`: what Prometheus reads, for this machine alone, and no name in it."""

import re
import socket
from collections.abc import Callable

import aiohttp
from aiohttp.test_utils import make_mocked_request
from prometheus_client.parser import text_string_to_metric_families

from chatserver.fronts.http import metrics
from tests.files.caller import Caller
from tests.processes import ROOT, ServerProcess, missing
from tests.server.peer import Peer, close_all
from tests.web.webpeer import WebPeer


async def numbers(port: int, **headers: str) -> dict[str, float]:
    """Each sample by its name and labels."""
    async with aiohttp.ClientSession() as http, http.get(f"http://127.0.0.1:{port}/metrics", headers=headers) as answer:
        text = await answer.text()
        assert answer.status == 200, text
        assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return {"".join((sample.name, *sample.labels.values())): sample.value for sample in samples}


async def status(port: int, **headers: str) -> int:
    async with aiohttp.ClientSession() as http, http.get(f"http://127.0.0.1:{port}/metrics", headers=headers) as answer:
        return answer.status


async def test_it_counts(server: ServerProcess) -> None:
    before = await numbers(server.port)
    assert before["parley_sessions"] == before["parley_events_total"] == before["parley_connectionsweb"] == 0
    alice, bob = await Peer.sign_in(server.port, "alice"), await WebPeer.sign_in(server.port, "bob")
    stranger = await WebPeer.connect(server.port)
    await alice.change("create", "garden")
    for n in range(10):
        await alice.change("post", "garden", text=str(n))
    sender = Caller(server.port, "alice", "token of alice 0123456789")
    await sender.upload(b"a file")
    await sender.send(b"a part", upload="1", size=100)
    after = await numbers(server.port)
    assert after["parley_connectionslines"] == 1 and after["parley_connectionsweb"] == 2
    assert after["parley_sessions"] == 2 and after["parley_mailboxes_behind"] == 0
    assert after["parley_rooms"] == 2
    assert after["parley_events_total"] == 13 and after["parley_posts_total"] == 10
    assert after["parley_uploads_total"] == 1 and after["parley_uploads_unfinished"] == 1
    assert after["parley_log_batch_events_sum"] == 13
    assert 11 <= after["parley_log_batch_events_count"] <= 13
    assert after["parley_log_commit_seconds_count"] == after["parley_log_batch_events_count"]
    assert after["parley_log_commit_seconds_bucket+Inf"] == after["parley_log_commit_seconds_count"]
    assert after["parley_log_commit_seconds_sum"] > 0
    assert 0 <= after["parley_index_lag_events"] <= 13
    await close_all(alice, bob, stranger)
    await sender.close()


async def test_no_name_in_it(server: ServerProcess) -> None:
    alice = await Peer.sign_in(server.port, "alice")
    await alice.change("create", "garden")
    async with aiohttp.ClientSession() as http, http.get(f"http://127.0.0.1:{server.port}/metrics") as answer:
        text = await answer.text()
    assert not re.search("alice|garden|lobby", text)
    assert set(re.findall(r'(\w+)="', text)) == {"front", "le"}
    await alice.close()


async def test_this_machine_alone(start_server: Callable[..., ServerProcess]) -> None:
    closed, opened = start_server(), start_server("--metrics", "on")
    assert await status(closed.port) == 200
    for header in ("X-Forwarded-For", "x-forwarded-host", "Forwarded", "X-Real-IP", "Via"):
        assert await status(closed.port, **{header: "203.0.113.7"}) == 403
        assert await status(opened.port, **{header: "203.0.113.7"}) == 200
    # A page of elsewhere's can give its name the address of this machine, and a proxy can say nothing of itself.
    for host, told in (("evil.example", 403), ("chat.example:12345", 403), ("localhost", 200), ("[::1]:9", 200)):
        assert await status(closed.port, Host=host) == told
        assert await status(opened.port, Host=host) == 200


async def test_the_ways_in_which_this_machine_asks(start_server: Callable[..., ServerProcess]) -> None:
    """An IPv4 address comes as an IPv6 one where the server listens on both."""
    with socket.socket(socket.AF_INET6) as probe:
        try:
            probe.bind(("::1", 0))
        except OSError:
            missing("needs IPv6")
    server = start_server("--host", "::")
    for host in ("127.0.0.1", "[::1]"):
        async with aiohttp.ClientSession() as http, http.get(f"http://{host}:{server.port}/metrics") as answer:
            assert answer.status == 200, host
    for address, here in (
        ("::ffff:203.0.113.7", False),
        ("::ffff:127.0.0.1", True),
        ("203.0.113.7", False),
        ("", False),
    ):
        request = make_mocked_request("GET", "/metrics", headers={"Host": "127.0.0.1"}).clone(remote=address)
        assert metrics.is_here(request) is here, address


async def test_the_table_of_numbers_is_the_server_s(server: ServerProcess) -> None:
    section = (ROOT / "docs/operations.md").read_text("utf-8").split("\n## Numbers\n")[1].split("\n## ")[0]
    told = set(re.findall(r"^\| `(\w+)", section, re.MULTILINE))
    async with aiohttp.ClientSession() as http, http.get(f"http://127.0.0.1:{server.port}/metrics") as answer:
        assert told == set(re.findall(r"^# TYPE (\w+)", await answer.text(), re.MULTILINE))
