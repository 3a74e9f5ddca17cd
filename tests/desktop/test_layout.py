"""Drawings of rows, by tables and by properties, without a display."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatclient.desktop.layout import lay_out
from chatclient.desktop.layouts import KEPT, SLOW, Layouts
from chatclient.desktop.operations import Avatar, Box, Bubble, Emoji, Icon, Picture, Rect, Text
from chatclient.desktop.theme import METRICS
from chatclient.rows import Quote, Reaction, Row
from tests.desktop.drawn import TEXTS, UNDRAWABLE, WIDTH, M, bubble, drawn, texts
from tests.desktop.samples import file, picture_file, row


def test_a_short_message_of_somebody_else() -> None:
    drawing = drawn(row("Hello"))
    assert drawing.height == 12 + 8 + 19 + 20 + 8
    assert bubble(drawing) == Bubble(60, 12, 24 + 35 + 12 + 35, 55, "other", (16, 16, 16, 16), "conv")
    assert texts(drawing) == ["bob", "Hello", "09:12"]
    [avatar] = [operation for operation in drawing.operations if isinstance(operation, Avatar)]
    assert avatar == Avatar(20, 12 + 55 - 32, "bob", 32)


def test_who_has_seen_it_stands_under_the_bubble_at_the_right() -> None:
    own = row("Hello", own=True, user="alice")
    plain, seen = drawn(own), lay_out(own, WIDTH, M, METRICS, seen="Seen")
    assert seen.body == plain.body and seen.height == plain.height + 2 + 16
    [word] = [operation for operation in seen.operations if operation not in plain.operations]
    assert isinstance(word, Text) and (word.text, word.font) == ("Seen", "tiny")
    assert word.x + M.width("tiny", "Seen") == WIDTH - 20
    assert word.y >= bubble(seen).y + bubble(seen).height
    [long] = [
        operation
        for operation in lay_out(own, 300, M, METRICS, seen="Seen by " + "somebody, " * 40).operations
        if isinstance(operation, Text) and operation.text.startswith("Seen")
    ]
    assert long.text.endswith("…") and long.x >= 12


def test_only_the_row_that_was_seen_is_laid_out_anew() -> None:
    layouts = Layouts(M, METRICS, lambda: 0.0, lambda _seconds: None)
    layouts.set_width(WIDTH)
    one, two = row(key="1", own=True), row(key="2", own=True)
    before = layouts.drawing(one), layouts.drawing(two)
    assert layouts.set_seen("2", "Seen") and not layouts.set_seen("2", "Seen")
    assert layouts.drawing(one) is before[0]
    assert layouts.drawing(two) is not before[1] and layouts.drawing(two) is layouts.drawing(two)
    layouts.set_seen("", "")
    assert layouts.drawing(two) is before[1]


def test_a_name_that_was_chosen_stands_over_the_bubble() -> None:
    assert texts(drawn(row("Hello", name="Bob Mason")))[0] == "Bob Mason"


def test_an_own_message_stands_at_the_right_with_its_check() -> None:
    drawing = drawn(row("Hello", own=True, user="alice"))
    assert bubble(drawing).x + bubble(drawing).width == WIDTH - 20
    assert texts(drawing) == ["Hello", "09:12"]
    [check] = [operation for operation in drawing.operations if isinstance(operation, Icon)]
    assert (check.name, check.size, check.colour) == ("check", 14, "own_muted")
    assert check.x + check.size == WIDTH - 20 - 12


@pytest.mark.parametrize(
    ("own", "first", "last", "radii"),
    [
        (False, True, True, (16, 16, 16, 16)),
        (False, True, False, (16, 16, 16, 5)),
        (False, False, False, (5, 16, 16, 5)),
        (False, False, True, (5, 16, 16, 16)),
        (True, True, False, (16, 16, 5, 16)),
        (True, False, False, (16, 5, 5, 16)),
        (True, False, True, (16, 5, 16, 16)),
    ],
)
def test_corners_gaps_name_and_avatar_of_a_group(
    own: bool, first: bool, last: bool, radii: tuple[int, int, int, int]
) -> None:
    drawing = drawn(row(own=own, first=first, last=last))
    assert bubble(drawing).radii == radii
    assert bubble(drawing).y == (12 if first else 2)
    assert ("bob" in texts(drawing)) is (first and not own)
    assert any(isinstance(operation, Avatar) for operation in drawing.operations) is (last and not own)


def test_the_time_stands_beside_the_last_word_where_it_fits_and_else_below() -> None:
    beside, below = drawn(row("x" * 60)), drawn(row("x" * 66))
    assert beside.height == drawn(row("x")).height
    assert below.height == beside.height + 20
    [time] = [operation for operation in below.operations if isinstance(operation, Text) and operation.text == "09:12"]
    assert time.x + 35 == bubble(below).x + bubble(below).width - 12


def test_a_bubble_is_never_wider_than_520_nor_than_its_conversation_allows() -> None:
    assert bubble(drawn(row("word " * 200))).width <= 520
    narrow = bubble(drawn(row("word " * 200), 360))
    assert narrow.width <= 360 - 72 and narrow.x == 12 + 40


def test_right_to_left_stands_at_the_right_with_the_time_at_the_left() -> None:
    drawing = drawn(row("שלום"))
    box, [run] = bubble(drawing), drawing.runs
    [time] = [
        operation for operation in drawing.operations if isinstance(operation, Text) and operation.text == "09:12"
    ]
    assert time.x == box.x + 12
    assert run.x + run.width == box.x + box.width - 12


@pytest.mark.parametrize(
    ("text", "size", "ground"),
    [
        ("👍", 36, "other"),
        ("👍 🎉", 36, "other"),
        ("👍 ok", 18, "other"),
        ("👍" * 7, 18, "other"),
        ("👨‍👩‍👧", 36, "other"),
    ],
)
def test_emoji_are_pictures_and_large_where_they_are_alone(text: str, size: int, ground: str) -> None:
    drawing = drawn(row(text))
    pictures = [operation for operation in drawing.operations if isinstance(operation, Emoji)]
    assert pictures and all((picture.size, picture.ground) == (size, ground) for picture in pictures)


def test_a_link_is_underlined_and_can_be_clicked_on_each_of_its_lines() -> None:
    address = "https://example.org/" + "x" * 100
    drawing = drawn(row(f"see {address}"))
    runs = [run for run in drawing.runs if run.start >= 4]
    assert len(runs) > 1
    assert [(target.kind, target.value) for target in drawing.targets] == [("link", address)] * len(runs)
    lines = [operation for operation in drawing.operations if isinstance(operation, Rect)]
    assert [(line.x, line.width, line.colour) for line in lines] == [(run.x, run.width, "link") for run in runs]


@pytest.mark.parametrize(
    ("state", "slow", "label", "mark"),
    [
        ("sent", False, "09:12", "check"),
        ("sending", False, "09:12", None),
        ("sending", True, "Sending", "clock"),
        ("waiting", False, "Waiting", "clock"),
    ],
)
def test_the_state_of_an_own_message(state: str, slow: bool, label: str, mark: str | None) -> None:
    drawing = drawn(row("Hello", own=True, state=state), slow=slow)
    icons = [operation.name for operation in drawing.operations if isinstance(operation, Icon)]
    assert texts(drawing) == ["Hello", label]
    assert icons == ([mark] if mark else [])


def test_a_message_does_not_move_when_the_check_comes() -> None:
    assert bubble(drawn(row(own=True, state="sending"))) == bubble(drawn(row(own=True, state="sent")))


def test_a_failed_message_says_why_and_what_can_be_done() -> None:
    drawing = drawn(row("Hello", own=True, state="failed", reason="Harbour did not answer."))
    assert (bubble(drawing).colour, bubble(drawing).line) == ("danger_tint", "danger_line")
    assert texts(drawing) == ["Hello", "Not sent: Harbour did not answer.", "Retry", "Discard"]
    assert [(target.kind, target.value) for target in drawing.targets] == [("action", "retry"), ("action", "discard")]


def test_a_long_reason_is_wrapped_and_its_actions_stay_in_sight() -> None:
    drawing = drawn(row("x", own=True, state="failed", reason="word " * 60), 360)
    assert all(target.x >= 0 and target.x + target.width <= 360 for target in drawing.targets)
    assert max(target.y + target.height for target in drawing.targets) <= drawing.height + 8


def test_what_stands_above_a_row() -> None:
    drawing = drawn(row(day="Friday, 20 November 2026", unread=True))
    assert texts(drawing)[:2] == ["Friday, 20 November 2026", "New messages"]
    rects = [operation for operation in drawing.operations if isinstance(operation, Rect)]
    assert [rect.colour for rect in rects] == ["border", "border", "danger_line"]
    assert drawing.height == drawn(row()).height + 28 + 24


def test_a_notice_is_quiet_text_in_the_middle() -> None:
    drawing = drawn(row("carol joined", kind="notice", state=""))
    [operation] = drawing.operations
    assert isinstance(operation, Text) and (operation.font, operation.colour) == ("small", "muted")
    assert operation.x == (WIDTH - 7 * 12) // 2
    assert drawing.body is None


FILES = st.builds(
    lambda name, picture, width, height: picture_file(name, width, height) if picture else file(name),
    TEXTS,
    st.booleans(),
    st.integers(1, 9_000),
    st.integers(1, 9_000),
)
ROWS = st.builds(
    row,
    TEXTS,
    kind=st.sampled_from(["message", "notice", "tombstone", "action"]),
    reply=st.none() | st.builds(Quote, st.just(7), TEXTS, TEXTS, TEXTS, st.booleans()),
    files=st.lists(FILES, max_size=6).map(tuple),
    reactions=st.lists(
        st.builds(Reaction, st.sampled_from("👍🎉❤"), st.integers(1, 9_999), st.booleans(), st.just(("bob", "carol")))
    ).map(tuple),
    edited=st.booleans(),
    change=st.sampled_from(["", "waiting"]),
    user=st.sampled_from(["bob", "عمر", "x" * 32]),
    own=st.booleans(),
    state=st.sampled_from(["sent", "sending", "waiting", "failed"]),
    reason=TEXTS,
    day=st.sampled_from(["", "Today"]),
    unread=st.booleans(),
    first=st.booleans(),
    last=st.booleans(),
)


@settings(max_examples=300)
@given(ROWS, st.sampled_from([240, 360, 827, 1600]))
def test_every_row_stays_inside_its_place(sample: Row, width: int) -> None:
    drawing = drawn(sample, width)
    assert drawing.height > 0
    for operation in drawing.operations:
        assert operation.x >= 0 and -2 <= operation.y <= drawing.height
        if isinstance(operation, (Picture, Box)):
            assert operation.x + operation.width <= width
        if isinstance(operation, Text):
            assert not UNDRAWABLE.search(operation.text)
        if isinstance(operation, Bubble):
            assert operation.x + operation.width <= width
    for target in drawing.targets:
        assert target.width > 0 and target.x + target.width <= width


@pytest.mark.parametrize(
    "text", ["x\n" * 8_000, "x" * 16_000, "https://" + "y" * 15_990, "word " * 3_200, "😀" * 16_000]
)
def test_the_longest_messages_are_laid_out_whole(text: str) -> None:
    drawing = drawn(row(text))
    shown = sum(run.end - run.start for run in drawing.runs)
    assert shown >= len(text) - text.count("\n") - text.count(" ")


# --- drawings that are kept ---


def test_a_drawing_is_kept_until_the_width_changes_and_the_oldest_goes_first() -> None:
    layouts = Layouts(M, METRICS, lambda: 0.0, lambda _seconds: None)
    layouts.set_width(800)
    first = layouts.drawing(row("a"))
    assert layouts.drawing(row("a")) is first
    for n in range(KEPT):
        layouts.drawing(row(str(n)))
    assert len(layouts) == KEPT and layouts.drawing(row("a")) is not first
    layouts.set_width(700)
    assert len(layouts) == 0


def test_a_message_says_that_it_is_on_its_way_only_when_that_lasts() -> None:
    now, asked = [10.0], list[float]()
    layouts = Layouts(M, METRICS, lambda: now[0], asked.append)
    layouts.set_width(800)
    sample = row(own=True, state="sending")
    assert texts(layouts.drawing(sample)) == ["Hello", "09:12"] and asked == [SLOW]
    now[0] += SLOW + 0.01
    assert texts(layouts.drawing(sample)) == ["Hello", "Sending"]
    layouts.keep_sending(set())
    assert texts(layouts.drawing(sample)) == ["Hello", "09:12"]
