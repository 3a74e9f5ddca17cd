"""The plan of an import: times, names, ids and notices, as tables."""

import io
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatserver.migration import Plan, Source, Standing, fit, plan, source, stamp
from chatserver.reading import raw_lines
from shared import record, rules
from shared.protocol import AnyEvent, Created, Joined, Message

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
OLDER = """\
alice|2020-01-02|09:12 AM|hello
Server|2020-01-02|09:13 AM|bob joined
bob|2020-01-02|09:14 AM|hi|alice
Server|2020-01-02|09:15 AM|back at 10, upgrading
bob|2020-01-02|09:16 AM|ok
"""


def read(text: str | bytes, room: str = "old") -> Source:
    return source(raw_lines(io.BytesIO(text.encode() if isinstance(text, str) else text)), room, UTC, NOW)


def planned(text: str, room: str = "old", standing: Standing | None = None) -> Plan:
    return plan(read(text, room).lines, room, standing or Standing())


def after(*plans: Plan) -> Standing:
    """What a history holds after these imports."""
    standing = Standing()
    for done in plans:
        for moment, event in done.events:
            event.seq, event.time = 1, stamp(moment)
            standing.take(event)
    return standing


def brief(events: list[AnyEvent]) -> list[str]:
    return [f"{type(event).__name__} {event.user} {getattr(event, 'text', '')}".rstrip() for event in events]


def test_the_room_is_made_and_everybody_joins_when_they_first_speak() -> None:
    done = planned(OLDER)
    assert brief([event for _, event in done.events]) == [
        "Created alice",
        "Message alice hello",
        "Joined bob",
        "Message bob hi|alice",
        "Message Server back at 10, upgrading",
        "Message bob ok",
    ]
    assert [f"{moment:%H:%M}" for moment, _ in done.events] == ["09:12", "09:12", "09:14", "09:14", "09:15", "09:16"]
    assert (done.messages, done.known, done.comings, done.renamed) == (4, 0, 1, {})


def test_every_id_and_name_is_one_that_the_protocol_admits() -> None:
    ids = [rules.command_id(event.id) for _, event in planned(OLDER + "a b|2020-01-03|01:00 AM|x\n").events]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(
    "notice", ["bob joined", "bob smith has left the chat.", "bob disconnected from the server", "BOB JOINED THE ROOM!"]
)
def test_who_came_and_went_is_counted_and_left_out(notice: str) -> None:
    assert planned(f"alice|2020-01-02|09:12 AM|hi\nServer|2020-01-02|09:13 AM|{notice}\n").comings == 1


@pytest.mark.parametrize("notice", ["bob was removed by alice", "joined", "we left the old building today"])
def test_other_notices_stay(notice: str) -> None:
    done = planned(f"Server|2020-01-02|09:13 AM|{notice}\n")
    assert brief([event for _, event in done.events]) == ["Created Server", f"Message Server {notice}"]


def test_a_second_import_adds_nothing_and_a_longer_file_its_end() -> None:
    first = planned(OLDER)
    again = planned(OLDER, standing=after(first))
    assert (again.events, again.messages, again.known) == ([], 0, 4)
    longer = planned(OLDER + "carol|2020-01-03|01:00 AM|new\n", standing=after(first))
    assert brief([event for _, event in longer.events]) == ["Joined carol", "Message carol new"]


def test_an_interrupted_import_goes_on() -> None:
    whole = planned(OLDER).events
    for count in range(len(whole) + 1):
        first = planned(OLDER)
        standing = after(first._replace(events=first.events[:count]))
        rest = planned(OLDER, standing=standing)
        assert {event.id for _, event in rest.events} == {event.id for _, event in whole[count:]}, count


def test_another_file_is_not_taken_for_this_one() -> None:
    other = OLDER.replace("hello", "HELLO", 1)
    assert planned(other, standing=after(planned(OLDER))).known == 0
    assert planned(OLDER, "elsewhere", after(planned(OLDER))).known == 0


def test_a_room_that_is_there_is_used_as_it_is() -> None:
    standing = Standing()
    standing.take(Created(seq=1, time=stamp(NOW), room="Old", user="carol", id="1"))
    events = [event for _, event in planned(OLDER, standing=standing).events]
    assert {event.room for event in events} == {"Old"}
    assert not any(isinstance(event, Created) for event in events)
    lobby = [event for _, event in planned(OLDER, rules.LOBBY).events]
    assert not any(isinstance(event, Created) for event in lobby)
    assert [event.user for event in lobby if isinstance(event, Joined)] == ["alice", "bob"]


@pytest.mark.parametrize(
    ("sender", "name"),
    [
        ("bob smith", "bob_smith"),
        ("  bob!! ", "bob"),
        ("a@b", "a_b"),
        ("x" * 40, "x" * 32),
        ("Zoë", "Zoë"),
        ("李 雷", "李_雷"),
        ("!!!", fit("!!!")),
        ("😀", fit("😀")),
        ("...", fit("...")),
    ],
)
def test_names_are_made_fit(sender: str, name: str) -> None:
    assert fit(sender) == name
    assert rules.user_name(name) == name


@given(st.text(min_size=1, max_size=80))
def test_any_name_is_made_fit_and_always_the_same_way(sender: str) -> None:
    assert fit(sender) == fit(sender) == rules.user_name(fit(sender))


def test_names_that_meet_stay_apart_where_they_were_made_and_are_one_where_parley_says_so() -> None:
    lines = ["bob smith", "bob_smith", "bob!smith", "Bob_Smith"]
    done = planned("".join(f"{name}|2020-01-02|09:12 AM|hi\n" for name in lines))
    assert [event.user for _, event in done.events if isinstance(event, Message)] == [
        "bob_smith-2",
        "bob_smith",
        "bob_smith-3",
        "bob_smith",
    ]
    assert done.renamed == {"bob smith": "bob_smith-2", "bob!smith": "bob_smith-3", "Bob_Smith": "bob_smith"}


def test_a_person_of_the_history_keeps_the_spelling_there() -> None:
    standing = Standing()
    standing.take(Created(seq=1, time=stamp(NOW), room="new", user="Alice", id="1"))
    assert planned(OLDER, standing=standing).renamed == {"alice": "Alice"}


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("alice|2020-01-02|09:12 AM|", "its text is empty"),
        ("alice|2020-01-02|09:12 AM|   ", "its text is empty"),
        ("alice|2020-01-02|09:12 AM|" + "x" * 16_001, "its text has 16,001 characters, the limit is 16,000"),
        ("alice|2026-11-20|12:01 PM|hi", "2026-11-20 12:01 is still to come"),
        ("nonsense", "it has 0 bars, sender|YYYY-MM-DD|HH:MM AM|text has at least 3"),
    ],
)
def test_lines_that_cannot_be_kept_say_why(line: str, why: str) -> None:
    found = read(f"{line}\n{OLDER}")
    assert [tuple(bad) for bad in found.bad] == [(1, why)]
    assert len(found.lines) == 5


def test_times_never_run_backwards() -> None:
    found = read("a|2020-01-02|09:12 AM|x\na|2020-01-01|09:12 AM|y\na|2020-01-03|09:12 AM|z\n")
    assert [f"{line.moment:%d}" for line in found.lines] == ["02", "02", "03"]
    assert found.late == 1


@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=40)), max_size=6))
def test_whatever_stands_in_the_file_the_plan_is_a_valid_history(said: list[tuple[str, str]]) -> None:
    text = "".join(f"{sender}|2020-01-02|09:12 AM|{words}\n" for sender, words in said)
    chain = record.GENESIS
    for seq, (moment, event) in enumerate(planned(text).events, 1):
        event.seq, event.time = seq, stamp(moment)
        line, after_it = record.encode(event, chain)
        assert record.decode(line, chain)[0] == event
        chain = after_it
