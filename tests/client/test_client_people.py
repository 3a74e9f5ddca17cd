"""ChatClient about people, against a scripted server: signing in, rights, status, typing, devices, invitations."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from chatclient.client import ChatClient, Offline
from chatclient.events import (
    Arrived,
    ClientEvent,
    Connected,
    Delivered,
    Disconnected,
    Failed,
    PresenceChanged,
    ReadBy,
    ReadUpTo,
    Rejected,
    TypingChanged,
)
from shared.errors import Refused
from shared.protocol import (
    Ban,
    Change,
    Command,
    Error,
    Hello,
    InvitationInfo,
    InvitationList,
    InvitationMade,
    Invitations,
    Kick,
    MakeInvitation,
    Mute,
    Ok,
    Person,
    Post,
    Prefer,
    Presence,
    ProfileSet,
    ReadMark,
    Revoke,
    SessionInfo,
    SessionList,
    Sessions,
    SetPassword,
    SetProfile,
    SetRole,
    SetStatus,
    SignOut,
    Typing,
    TypingNow,
    Unban,
    Welcome,
)
from tests.client.scripted import TIME, Listener, Peer, Scripted, message, running, welcome

INVITATION = InvitationInfo(
    code="7Q2M-K4XD", link="chat://harbour.example:12345/garden?invite=7Q2M-K4XD", room="garden"
)
DEVICE = SessionInfo(session="s1", client="parley", current=True)


async def signed_in(server: Scripted, listener: Listener, answer: Welcome | None = None) -> Peer:
    peer = await server.peer()
    await peer.welcomed(answer)
    await listener.until(Connected)
    return peer


# --- signing in ---------------------------------------------------------------------------------------------------


async def test_password_and_invitation_go_with_the_sign_in_until_one_succeeds() -> None:
    async with Scripted() as server, running(server.port, password="a long one \ud83d", invite="7Q2M-K4XD") as listener:
        peer = await server.peer()
        hello = await peer.hear(Hello)
        assert (hello.password, hello.invite) == ("a long one \ufffd", "7Q2M-K4XD")
        peer.hang_up()  # the welcome is lost
        hello = await (await server.peer()).welcomed()
        assert (hello.password, hello.invite) == ("a long one \ufffd", "7Q2M-K4XD")
        await listener.until(Connected)
        server.peers[-1].hang_up()
        hello = await (await server.peer()).welcomed()
        assert (hello.password, hello.invite, hello.token) == (None, None, "0" * 64)


async def test_a_wrong_password_is_rejected_and_too_many_are_put_off() -> None:
    async with Scripted() as server, running(server.port, password="wrong wrong") as listener:
        peer = await server.peer()
        await peer.hear(Hello)
        peer.say(Error(code="rate_limited", message="Too many wrong passwords.", retry_after=0.01))
        put_off = await listener.until(Disconnected)
        assert put_off.code == "rate_limited" and put_off.retry_in >= 0.01
        peer = await server.peer()
        await peer.hear(Hello)
        peer.say(Error(code="bad_credentials", message="That password does not open alice."))
        assert await listener.until(Rejected) == Rejected("bad_credentials", "That password does not open alice.")


# --- changes ------------------------------------------------------------------------------------------------------

CHANGES: list[tuple[Callable[[ChatClient], str], Command]] = [
    (lambda client: client.kick("garden", "bob"), Kick(id="c1", room="garden", user="bob")),
    (lambda client: client.ban("garden", "bob"), Ban(id="c1", room="garden", user="bob")),
    (lambda client: client.unban("garden", "bob"), Unban(id="c1", room="garden", user="bob")),
    (lambda client: client.mute("garden", "bob", 10), Mute(id="c1", room="garden", user="bob", minutes=10)),
    (
        lambda client: client.set_role("garden", "bob", "moderator"),
        SetRole(id="c1", room="garden", user="bob", role="moderator"),
    ),
    (lambda client: client.set_profile("  Alice  A. "), SetProfile(id="c1", display="Alice A.")),
]


@pytest.mark.parametrize(("change", "command"), CHANGES, ids=lambda item: type(item).__name__)
async def test_changes_survive_a_connection_and_are_delivered(
    change: Callable[[ChatClient], str], command: Command
) -> None:
    async with Scripted() as server, running(server.port) as listener:
        peer = await signed_in(server, listener)
        assert change(listener.client) == "c1"
        assert await peer.hear(type(command)) == command
        peer.hang_up()  # its answer is lost
        peer = await signed_in(server, listener)
        assert await peer.hear(type(command)) == command
        peer.say(Ok(id="c1", seq=1, time=TIME))
        room = command.room if isinstance(command, Change) else "lobby"
        assert await listener.until(Delivered) == Delivered("c1", room, 1, TIME)


@pytest.mark.parametrize(
    ("change", "kind", "words"),
    [
        (lambda client: client.kick("garden", "two words"), "kick", "This one has a space."),
        (lambda client: client.ban("garden", ""), "ban", "This one is empty."),
        (lambda client: client.mute("garden", "bob", 43_201), "mute", "0 to 43,200 minutes. This says 43,201."),
        (lambda client: client.mute("garden", "bob", -1), "mute", "This says -1."),
        (lambda client: client.set_role("garden", "x" * 33, "member"), "role", "This one has 33 characters."),
        (lambda client: client.set_profile("x" * 65), "profile", "has 65 characters, the limit is 64."),
        (lambda client: client.set_profile("\u202eecila"), "profile", "the control character U+202E."),
    ],
)
async def test_bad_changes_fail_at_once(change: Callable[[ChatClient], str], kind: str, words: str) -> None:
    async with Scripted() as server, running(server.port) as listener:
        ident = change(listener.client)
        failed = await listener.until(Failed)
        assert (failed.id, failed.kind) == (ident, kind) and failed.message.endswith(words)


async def test_a_refused_right_fails_and_a_profile_fails_in_the_lobby() -> None:
    async with Scripted() as server, running(server.port) as listener:
        peer = await signed_in(server, listener)
        listener.client.kick("garden", "bob")
        kick = await peer.hear(Kick)
        peer.say(Error(id=kick.id, code="not_allowed", message="No."))
        assert await listener.until(Failed) == Failed(kick.id, "garden", "kick", "not_allowed", "No.")
        listener.client.set_profile("Bob")
        profile = await peer.hear(SetProfile)
        peer.say(Error(id=profile.id, code="name_taken", message="That is bob's name."))
        assert (await listener.until(Failed)).room == "lobby"
        peer.say(ProfileSet(seq=1, time=TIME, room="lobby", user="bob", id="p", display="Bob M."))
        assert (await listener.until(Arrived)).event.user == "bob"


async def test_changes_of_a_direct_conversation_name_the_partner() -> None:
    async with Scripted() as server, running(server.port) as listener:
        peer = await signed_in(server, listener)
        ident = listener.client.mute("@alice,bob", "bob", 1)
        assert (await peer.hear(Mute)).room == "@bob"
        peer.say(Error(id=ident, code="not_allowed", message="No."))
        assert (await listener.until(Failed)).room == "@alice,bob"


# --- questions ----------------------------------------------------------------------------------------------------

QUESTIONS: list[tuple[Callable[[ChatClient], Awaitable[Any]], Command, Any, Any]] = [
    (lambda client: client.status("busy", " in  a call "), SetStatus(state="busy", note="in a call"), Ok(), None),
    (lambda client: client.prefer(False), Prefer(receipts=False), Ok(), None),
    (lambda client: client.set_password("long enough"), SetPassword(new="long enough"), Ok(), None),
    (
        lambda client: client.set_password("long enough", "the old one"),
        SetPassword(new="long enough", old="the old one"),
        Ok(),
        None,
    ),
    (lambda client: client.sessions(), Sessions(), SessionList(sessions=[DEVICE]), [DEVICE]),
    (lambda client: client.sign_out("s2"), SignOut(session="s2"), Ok(), None),
    (
        lambda client: client.make_invitation("garden", 1, 30),
        MakeInvitation(room="garden", uses=1, days=30),
        InvitationMade(invitation=INVITATION),
        INVITATION,
    ),
    (lambda client: client.make_invitation(), MakeInvitation(), InvitationMade(invitation=INVITATION), INVITATION),
    (lambda client: client.invitations(), Invitations(), InvitationList(invitations=[INVITATION]), [INVITATION]),
    (lambda client: client.revoke("7Q2M-K4XD"), Revoke(code="7Q2M-K4XD"), Ok(), None),
]


@pytest.mark.parametrize(("ask", "command", "answer", "result"), QUESTIONS, ids=lambda item: type(item).__name__)
async def test_questions_are_answered_refused_or_offline(
    ask: Callable[[ChatClient], Awaitable[Any]], command: Command, answer: Any, result: Any
) -> None:
    async with Scripted() as server, running(server.port) as listener:
        peer = await signed_in(server, listener)

        async def script() -> None:
            asked = await peer.hear(type(command))
            command.ref = answer.ref = asked.ref
            assert asked == command and asked.ref
            peer.say(answer)
            asked = await peer.hear(type(command))
            peer.say(Error(ref=asked.ref, code="not_allowed", message="Not here."))
            await peer.hear(type(command))
            peer.hang_up()

        running_script = asyncio.create_task(script())
        assert await ask(listener.client) == result
        with pytest.raises(Refused, match="Not here"):
            await ask(listener.client)
        with pytest.raises(Offline):
            await ask(listener.client)
        await running_script


async def test_what_breaks_a_rule_is_refused_before_it_is_asked() -> None:
    async with Scripted() as server, running(server.port) as listener:
        with pytest.raises(Refused, match="at least 10 characters"):
            await listener.client.set_password("short")
        with pytest.raises(Refused, match="limit is 100"):
            await listener.client.status("busy", "x" * 101)


# --- the status is told again -------------------------------------------------------------------------------------


def shown(state: str = "", note: str = "") -> Welcome:
    answer = welcome()
    answer.people = {"alice": Person(state=state, note=note)} if state else {}  # type: ignore[arg-type]  # a parameter
    return answer


async def tells_again(before: Callable[[Listener, Peer], Awaitable[None]], answer: Welcome) -> SetStatus | None:
    """What is told after a reconnect that is answered so; a post is the line that would follow it."""
    async with Scripted() as server, running(server.port) as listener:
        peer = await signed_in(server, listener, shown("online"))
        await before(listener, peer)
        peer.hang_up()
        peer = await server.peer()
        await peer.welcomed(answer)
        await listener.until(Connected)
        listener.client.send("lobby", "here")
        async with asyncio.timeout(5):
            heard: Any = await peer.hear(Command)
        return heard if isinstance(heard, SetStatus) else None


async def choose_busy(listener: Listener, peer: Peer) -> None:
    asking = asyncio.create_task(listener.client.status("busy", "in a call"))
    status = await peer.hear(SetStatus)
    peer.say(Ok(ref=status.ref))
    await asking


async def test_the_last_status_is_told_again_after_a_reconnect() -> None:
    again = await tells_again(choose_busy, shown("online"))
    assert again is not None and (again.state, again.note) == ("busy", "in a call")


async def test_the_status_is_not_told_again_where_the_server_knows_it() -> None:
    assert await tells_again(choose_busy, shown("busy", "in a call")) is None


async def test_no_status_is_told_where_none_was_chosen() -> None:
    async def nothing(listener: Listener, peer: Peer) -> None: ...

    assert await tells_again(nothing, shown("away")) is None


async def test_another_device_chose_later() -> None:
    async def both(listener: Listener, peer: Peer) -> None:
        await choose_busy(listener, peer)
        peer.say(Presence(users={"alice": Person(state="away", note="lunch")}))
        await listener.until(PresenceChanged)

    again = await tells_again(both, shown("online"))
    assert again is not None and (again.state, again.note) == ("away", "lunch")


async def test_a_status_that_was_chosen_offline_is_told_after_the_sign_in() -> None:
    async with Scripted() as server, running(server.port) as listener:
        with pytest.raises(Offline):
            await listener.client.status("away")
        peer = await server.peer()
        await peer.welcomed(shown("online"))
        status = await peer.hear(SetStatus)
        assert status.state == "away"
        peer.say(Error(ref=status.ref, code="rate_limited", message="Slow down."))  # troubles nobody
        peer.say(message(1))
        await listener.until(Arrived)


# --- in passing ---------------------------------------------------------------------------------------------------


async def test_typing_is_told_once_in_three_seconds_for_a_room() -> None:
    async with Scripted() as server, running(server.port) as listener:
        client = listener.client
        client.typing("lobby")  # offline: dropped
        peer = await signed_in(server, listener)
        for _ in range(5):
            client.typing("lobby")
            client.typing("@alice,bob")
        assert [(await peer.hear(Typing)).room for _ in range(2)] == ["lobby", "@bob"]
        client.send("lobby", "said")
        client.typing("lobby")  # the next message begins at once
        assert (await peer.hear(Post)).text == "said"
        typing = await peer.hear(Typing)
        assert typing.room == "lobby"
        peer.say(Error(ref=typing.ref, code="no_such_room", message="Gone."))
        client.send("lobby", "more")
        await peer.hear(Post)


async def test_presence_typing_and_markers_are_told() -> None:
    async with Scripted() as server, running(server.port) as listener:
        peer = await signed_in(server, listener)
        people = {"bob": Person(state="away", note="lunch", display="Bob M.")}
        peer.say(
            Presence(users=people),
            TypingNow(room="lobby", users=["bob", "carol"]),
            TypingNow(room="lobby", users=[]),
            ReadMark(room="@alice,bob", user="bob", seq=7),
            ReadMark(room="@alice,bob", user="alice", seq=8),
        )
        expected: list[ClientEvent] = [
            PresenceChanged(people),
            TypingChanged("lobby", ("bob", "carol")),
            TypingChanged("lobby", ()),
            ReadBy("@alice,bob", "bob", 7),
            ReadUpTo("@alice,bob", 8),
        ]
        assert [await listener.next() for _ in expected] == expected
