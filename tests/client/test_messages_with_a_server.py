"""Messages and files between two clients and a real server: folded alike, fetched, resumed, gone, and over TLS."""

import asyncio
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chatclient.client import ChatClient, Offline
from chatclient.events import Disconnected
from chatclient.journal import Item
from chatclient.spool import Spool
from shared.errors import Refused
from shared.protocol import Edit, Message, Post
from tests.client.scripted import TIME, Listener
from tests.client.test_uploads import MIB, picture, sha
from tests.client.test_with_a_server import Person, all_present, present
from tests.processes import missing


def rows(person: Person, room: str = "lobby") -> list[Any]:
    if room not in person.model.conversations:
        return []
    timeline = person.model.conversations[room].timeline
    return [timeline.row(i) for i in range(timeline.count) if timeline.row(i).kind != "notice"]


async def test_changes_of_messages_are_seen_alike(server: Any) -> None:
    async with present(server.port, "alice", "bob") as (alice, bob):
        alice.client.send("lobby", "tonight?")
        await bob.until(lambda: rows(bob))
        seq = rows(bob)[0].seq
        bob.client.send("lobby", "at eight", reply_to=seq)
        bob.client.react("lobby", seq, "👍")
        alice.client.edit("lobby", seq, "tonight at the harbour?")
        for person in (alice, bob):
            await person.until(lambda person=person: len(rows(person)) == 2 and rows(person)[0].reactions)  # type: ignore[misc]  # binds
            await person.until(lambda person=person: rows(person)[0].text == "tonight at the harbour?")  # type: ignore[misc]  # binds
            assert rows(person)[0].edited and rows(person)[1].reply.seq == seq
        found = await bob.client.search("harbour")
        assert [message.seq for message in found.messages] == [seq]
        assert "\tmessage\t" in await bob.client.record("lobby", seq)
        page = await bob.client.around("lobby", seq)
        assert next(event.text for event in page.messages if isinstance(event, Message)) == "tonight at the harbour?"
        days = await bob.client.calendar("lobby", ["2000-01-01T00:00:00.000000Z", "2100-01-01T00:00:00.000000Z"])
        assert days.counts == [2]

        alice.client.delete("lobby", seq)
        await bob.until(lambda: rows(bob)[0].kind == "tombstone")
        assert (await bob.client.search("harbour")).messages == []
        with pytest.raises(Refused, match=f"There is no message {seq} in lobby"):
            await bob.client.record("lobby", seq)
        bob.client.react("lobby", seq, "😂")
        await bob.until(lambda: bob.news)


async def test_a_file_from_one_to_the_other_and_gone(server: Any, tmp_path: Path) -> None:
    content = picture(900, 600)
    async with present(server.port, "alice", "bob") as (alice, bob):
        upload = alice.client.attach(data=content, name="cat.png")
        alice.client.send("lobby", "", files=[upload])
        await bob.until(lambda: rows(bob))
        (file,) = rows(bob)[0].files
        assert (file.file, file.name, file.mime) == (sha(content), "cat.png", "image/png")
        assert (file.width, file.height) == (900, 600)
        assert (await bob.client.fetch(file.file)).read_bytes() == content
        assert (await bob.client.save(file.file, tmp_path / "cat.png")).read_bytes() == content
        alice.client.delete("lobby", rows(bob)[0].seq)
        await bob.until(lambda: rows(bob)[0].kind == "tombstone")
        async with present(server.port, "carol") as (carol,):
            with pytest.raises(Refused, match="file"):
                await carol.client.fetch(file.file)


async def test_a_thumb_is_small(server: Any, tmp_path: Path) -> None:
    from PIL import Image

    content = picture(900, 600)
    async with present(server.port, "alice", "bob") as (alice, bob):
        alice.client.send("lobby", "", files=[alice.client.attach(data=content, name="cat.png")])
        await bob.until(lambda: rows(bob))
        with Image.open(await bob.client.fetch(sha(content), thumb=True)) as image:
            assert max(image.size) <= 480


async def test_a_picture_of_oneself(server: Any) -> None:
    content = picture()
    async with present(server.port, "alice", "bob") as (alice, bob):
        alice.client.send("@alice", "", files=[alice.client.attach(data=content, name="me.png")])
        await alice.until(lambda: [row.state for row in rows(alice, "@alice")] == ["sent"])
        alice.client.set_profile(picture=sha(content))
        await bob.until(lambda: bob.model.person("alice").picture == sha(content))
        assert (await bob.client.fetch(sha(content))).read_bytes() == content


async def test_what_stood_before_a_restart_is_shown_once(server: Any, tmp_path: Path) -> None:
    """It was stored, its ok was lost, and the next run gets the ok alone: the event came before its welcome."""
    spool = tmp_path / "spool"
    async with all_present(Person(server.port, "alice", token="a" * 64, ids=lambda: "once")) as (alice,):
        alice.client.send("lobby", "hello")
        await alice.until(lambda: [row.state for row in rows(alice)] == ["sent"])
    left = Spool(spool)
    left.write(
        Item(Post(id="once", room="lobby", text="hello"), TIME), Item(Edit(id="e", room="lobby", of=1, text="hi"), TIME)
    )
    await left.close()
    async with all_present(Person(server.port, "alice", token="a" * 64, spool=spool)) as (alice,):
        alice.model.page("lobby", await alice.client.history("lobby"))
        await alice.until(lambda: [row.state for row in rows(alice)] == ["sent"])
        assert [row.text for row in rows(alice)] == ["hello"]


async def test_an_upload_outlives_the_server(server: Any) -> None:
    content = os.urandom(24 * MIB)
    async with present(server.port, "alice", "bob") as (alice, bob):
        upload = alice.client.attach(data=content, name="noise.bin")
        alice.client.send("lobby", "noise", files=[upload])
        parts = server.data / "files"
        async with asyncio.timeout(15):
            while sum(path.stat().st_size for path in parts.rglob("*") if path.is_file()) < MIB:  # noqa: ASYNC110  # a file of another process tells no events
                await asyncio.sleep(0.005)
        server.kill()
        await alice.until(lambda: alice.model.link.state == "offline")
        server.start()
        await bob.until(lambda: rows(bob))
        assert rows(bob)[0].files[0].file == sha(content)
        await alice.until(lambda: [row.state for row in rows(alice)] == ["sent"])


async def test_too_large_for_the_server(start_server: Callable[..., Any]) -> None:
    server = start_server("--max-file", "1")
    async with present(server.port, "alice") as (alice,):
        alice.client.send("lobby", "", files=[alice.client.attach(data=bytes(2 * MIB), name="big.bin")])
        await alice.until(lambda: [row.state for row in rows(alice)] == ["failed"])
        assert rows(alice)[0].reason.endswith("2 MB is too large, the limit here is 1 MB.")


# --- TLS ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1, its own authority; `key.pem` beside it."""
    folder = tmp_path_factory.mktemp("tls")
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-keyout", "key.pem", "-out", "cert.pem", "-days", "2", "-subj", "/CN=harbour"]
    command += ["-addext", "subjectAltName=IP:127.0.0.1"]
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
    except FileNotFoundError:
        missing("TLS tests need openssl: apt-get install openssl")
    return folder / "cert.pem"


@pytest.fixture
def over_tls(start_server: Callable[..., Any], certificate: Path) -> Any:
    key = certificate.with_name("key.pem")
    return start_server("--limits", "off", "--tls-cert", str(certificate), "--tls-key", str(key))


async def test_everything_over_tls(over_tls: Any, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    content = os.urandom(2 * MIB)
    alice, bob = (Person(over_tls.port, name, tls=True) for name in ("alice", "bob"))
    async with all_present(alice, bob):
        alice.client.send("lobby", "noise", files=[alice.client.attach(data=content, name="noise.bin")])
        await bob.until(lambda: rows(bob))
        assert (await bob.client.fetch(sha(content))).read_bytes() == content


async def refused_at(host: str, port: int, tls: bool) -> str:
    client = ChatClient(host, port, "alice", "0" * 64, tls=tls, backoff=lambda attempt: 0.05)
    running = asyncio.create_task(client.run())
    reason = (await Listener(client).until(Disconnected)).reason
    with pytest.raises(Offline, match="trust" if "trust" in reason else "broke"):
        await client.fetch("0" * 64)
    await client.close()
    await running
    return reason


async def test_a_certificate_that_is_not_trusted(
    over_tls: Any, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reason = await refused_at("127.0.0.1", over_tls.port, tls=True)
    assert reason == (
        "This computer does not trust the certificate of 127.0.0.1 (self-signed certificate). "
        "Ask who runs the server, or name its authority's file in SSL_CERT_FILE."
    )
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert "not valid for 'localhost'" in await refused_at("localhost", over_tls.port, tls=True)


async def test_tls_where_the_other_end_does_not_expect_it(over_tls: Any, server: Any) -> None:
    plain = await refused_at("127.0.0.1", over_tls.port, tls=False)
    assert plain == "The server hung up without a word. If it wants TLS, its address begins with chats://"
    secret = await refused_at("127.0.0.1", server.port, tls=True)
    assert secret.startswith(f"127.0.0.1, port {server.port} does not speak TLS.")
