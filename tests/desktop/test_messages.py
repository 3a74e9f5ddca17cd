"""Drawings of all that a message can bear: marks, quotes, files, reactions, changes. Without a display."""

import pytest

from chatclient.desktop.layout import lay_out
from chatclient.desktop.operations import Box, Bubble, Drawing, Emoji, Icon, Picture, Rect, Run, Text
from chatclient.desktop.theme import METRICS
from chatclient.rows import Quote, Reaction
from tests.desktop.drawn import WIDTH, M, bubble, drawn, texts
from tests.desktop.samples import file, picture_file, row


def of(drawing: Drawing, kind: type) -> list:  # type: ignore[type-arg] # of whatever kind
    return [operation for operation in drawing.operations if isinstance(operation, kind)]


def fonts(drawing: Drawing) -> list[tuple[str, str]]:
    return [(text.text, text.font) for text in of(drawing, Text)][1:-1]


def run_of(drawing: Drawing, text: str) -> Run:
    return next(run for run in drawing.runs if run.text == text)


def test_styles_are_faces_and_marks_are_not_drawn() -> None:
    drawing = drawn(row("a **b** *c* ***d*** `e` @bob ~~f~~"))
    assert fonts(drawing) == [
        ("a", "body"), ("b", "body_bold"), ("c", "body_italic"), ("d", "body_bold_italic"), ("e", "code"),
        ("@bob", "body_semibold"), ("f", "body"),
    ]  # fmt: skip
    strike = [rect for rect in of(drawing, Rect) if rect.height == 1]
    assert len(strike) == 1 and strike[0].x == run_of(drawing, "f").x


def test_what_is_shown_knows_its_place_in_what_was_written() -> None:
    text = "a **b** [c](https://x.y) `d`\n> e\n```\nf\n```"
    drawing = drawn(row(text))
    assert [text[run.start : run.end] for run in drawing.runs] == ["a", "b", "c", "d", "e", "f"]


def test_code_in_a_line_has_a_ground_wider_than_itself() -> None:
    drawing = drawn(row("see `split` here"))
    [ground], run = of(drawing, Box), run_of(drawing, "split")
    assert (ground.x, ground.width, ground.colour) == (run.x - 5, run.width + 10, "quote")
    assert run_of(drawing, "here").x == ground.x + ground.width + 7
    assert of(drawn(row("`a`", own=True)), Box)[0].colour == "own_quote"


def test_a_block_of_code_keeps_its_indentation_and_fills_the_bubble() -> None:
    drawing = drawn(row("look\n```py\nif x:\n    y\n\tz\n```\nthere"))
    inside = of(drawing, Bubble)[1]
    assert (inside.colour, inside.radii, inside.height) == ("quote", (10, 10, 10, 10), 8 + 3 * 20 + 8)
    assert inside.width == bubble(drawing).width - 24
    left = run_of(drawing, "if x:").x
    assert (run_of(drawing, "y").x, run_of(drawing, "z").x) == (left + 28, left + 28)
    assert bubble(drawing).height == 8 + 19 + 20 + 4 + 76 + 4 + 20 + 8


def test_a_long_line_of_code_is_wrapped_and_the_time_stands_under_a_last_block() -> None:
    drawing = drawn(row("```\n" + "word " * 60 + "\n```"))
    inside = of(drawing, Bubble)[1]
    assert bubble(drawing).width <= 520 and inside.height > 4 * 20
    [time] = [text for text in of(drawing, Text) if text.text == "09:12"]
    assert time.y >= inside.y + inside.height


def test_quoted_lines_have_a_bar() -> None:
    drawing = drawn(row("> one\n> two\nand more"))
    [bar] = [rect for rect in of(drawing, Rect) if rect.width == 3]
    assert (bar.height, bar.colour) == (40, "muted")
    assert run_of(drawing, "one").x == bar.x + 13
    assert [text.colour for text in of(drawing, Text) if text.text == "one"] == ["muted"]


@pytest.mark.parametrize(
    ("own", "me", "ground"), [(False, "alice", "selected"), (False, "bob", ""), (True, "alice", "")]
)
def test_a_mention_of_the_reader_is_filled(own: bool, me: str, ground: str) -> None:
    drawing = lay_out(row("hi @alice", own=own), WIDTH, M, METRICS, me=me)
    assert [box.colour for box in of(drawing, Box)] == ([ground] if ground else [])


def test_a_link_with_words_tells_where_it_leads() -> None:
    drawing = drawn(row("see [the notes](https://example.org/x) and https://example.org"))
    first, second = drawing.targets
    assert (first.kind, first.value, first.tip) == ("link", "https://example.org/x", "https://example.org/x")
    assert first.width == 7 * len("the notes")
    assert (second.value, second.tip) == ("https://example.org", "")


# --- replies ---


def quote(text: str = "The original", gone: bool = False, name: str = "Carol Jones") -> Quote:
    return Quote(7, "carol", name, text, gone)


def test_a_reply_quotes_its_original_and_a_click_jumps_there() -> None:
    drawing = drawn(row("Yes", own=True, reply=quote()))
    inside = of(drawing, Bubble)[1]
    assert (inside.colour, inside.height, inside.width) == ("own_quote", 44, 200)
    assert texts(drawing)[:2] == ["Carol Jones", "The original"]
    assert [(target.kind, target.value) for target in drawing.targets] == [("action", "jump")]
    assert bubble(drawing).height == 8 + 44 + 6 + 20 + 8


def test_a_long_original_has_two_lines_and_no_marks() -> None:
    drawing = drawn(row("Yes", reply=quote("**one** two\nthree " * 40)))
    shown = [text for text in of(drawing, Text) if text.font == "small"]
    assert len(shown) == 2 and shown[0].text.startswith("one two three one") and shown[1].text.endswith("…")
    assert bubble(drawing).width <= 520


def test_a_deleted_original_is_said_to_be_so_and_leads_nowhere() -> None:
    drawing = drawn(row("Yes", reply=quote("", gone=True, name="")._replace(user="")))
    assert "This message was deleted" in texts(drawing) and drawing.targets == ()


def test_nothing_moves_when_the_original_comes() -> None:
    before = drawn(row("Yes", reply=Quote(7, "", "", "", False)))
    assert bubble(before) == bubble(drawn(row("Yes", reply=quote())))


# --- reactions ---


def test_reactions_stand_under_the_bubble_and_tell_who() -> None:
    found = (Reaction("👍", 4, True, ("Alice", "Bob", "Carol")), Reaction("🚀", 1, False, ("bob",)))
    plain, drawing = drawn(row("Hi")), drawn(row("Hi", reactions=found))
    assert drawing.height == plain.height + 4 + 26 and bubble(drawing) == bubble(plain)
    mine, other = of(drawing, Box)
    assert (mine.colour, mine.line, mine.height, mine.radius) == ("pale", "accent", 26, 10)
    assert (other.colour, other.line) == ("reaction", "border")
    assert mine.x == bubble(drawing).x and other.x == mine.x + mine.width + 4
    assert [(target.value, target.tip) for target in drawing.targets] == [
        ("react:👍", "Alice, Bob, Carol and 1 other"),
        ("react:🚀", "bob"),
    ]
    assert [(emoji.sequence, emoji.start) for emoji in of(drawing, Emoji)] == [("👍", -1), ("🚀", -1)]


def test_reactions_to_an_own_message_end_where_it_ends_and_wrap() -> None:
    found = tuple(Reaction(emoji, 12_345, False, ()) for emoji in "👍🚀🎉😂🙏👏🔥🤔")
    drawing = drawn(row("Hi", own=True, reactions=found), 400)
    pills, right = of(drawing, Box), bubble(drawing).x + bubble(drawing).width
    rows = {pill.y: [each for each in pills if each.y == pill.y] for pill in pills}
    assert len(rows) > 1 and all(line[-1].x + line[-1].width == right and line[0].x >= 0 for line in rows.values())


# --- files ---


@pytest.mark.parametrize(
    ("width", "height", "size"),
    [
        (2240, 640, (320, 91)),
        (300, 200, (300, 200)),
        (900, 1600, (135, 240)),
        (16, 16, (48, 48)),
        (9000, 10, (320, 48)),
    ],
)
def test_a_picture_has_its_place_before_it_is_there(width: int, height: int, size: tuple[int, int]) -> None:
    drawing = drawn(row("Art", files=(picture_file("a.png", width, height),)))
    [picture] = of(drawing, Picture)
    assert (picture.width, picture.height) == size and picture.radii == (12, 12, 12, 12)
    assert [target.value for target in drawing.targets] == ["open-file:0"]
    assert bubble(drawing).height == 8 + 19 + size[1] + 4 + 20 + 8


@pytest.mark.parametrize(("count", "more"), [(2, 0), (3, 0), (4, 0), (7, 3)])
def test_several_pictures_stand_in_a_grid(count: int, more: int) -> None:
    drawing = drawn(row("Walk", files=tuple(picture_file(f"{i}.png", 1600, 1000) for i in range(count))))
    pictures = of(drawing, Picture)
    assert len(pictures) == min(count, 4) and pictures[-1].more == more
    left, top = pictures[0].x, pictures[0].y
    assert (pictures[0].width, pictures[0].height) == (158, 106)
    assert {picture.x - left for picture in pictures} == {0, 162}
    assert {picture.y - top for picture in pictures} == ({0} if count == 2 else {0, 110})
    corners = [radius for picture in pictures for radius in picture.radii]
    assert sorted(corners)[-4:] == [12] * 4 and set(corners) == {4, 12}


def test_a_file_has_its_type_its_name_and_its_size() -> None:
    drawing = drawn(row("", own=True, files=(file("measurements.csv", "text/csv", 38_912),)))
    assert texts(drawing) == ["CSV", "measurements.csv", "38 KB", "09:12"]
    assert [(target.value) for target in drawing.targets] == ["save-file:0", "open-file:0"]
    assert (bubble(drawing).width, bubble(drawing).height) == (320, 8 + 48 + 20 + 8)
    assert [icon.name for icon in of(drawing, Icon)] == ["download", "check"]


def test_a_long_name_keeps_its_beginning_and_its_end() -> None:
    name = "a rather long name of a file that does not fit.tar.gz"
    drawing = drawn(row("", files=(file(name),)))
    shown = next(text for text in texts(drawing) if "…" in text)
    assert shown.startswith("a rather") and shown.endswith(".gz")
    assert drawing.targets[-1].tip == name


def test_files_of_all_sorts_go_with_words_and_a_quote() -> None:
    files = (picture_file("a.png", 640, 480), file(), picture_file("b.png", 640, 480))
    drawing = drawn(row("Words", files=files, reply=quote()))
    assert [target.value for target in drawing.targets] == [
        "jump", "open-file:0", "open-file:2", "save-file:1", "open-file:1",
    ]  # fmt: skip


def test_what_is_called_a_picture_and_has_no_size_is_a_file() -> None:
    assert of(drawn(row("", files=(file("a.svg", "image/svg+xml"),))), Picture) == []


# --- changes, deletions, deeds ---


def test_edited_stands_before_the_time() -> None:
    assert texts(drawn(row("Hi", edited=True)))[-1] == "edited 09:12"


def test_a_change_that_is_not_stored_yet_has_a_clock() -> None:
    drawing = drawn(row("Hi", own=True, change="waiting"))
    assert [icon.name for icon in of(drawing, Icon)] == ["clock"]


def test_a_deleted_message_is_a_dashed_line_with_a_bin() -> None:
    drawing = drawn(row("erin deleted a message", kind="tombstone", user="erin"))
    assert bubble(drawing).dashed and bubble(drawing).line == "field" and bubble(drawing).x == 60
    assert texts(drawing) == ["erin deleted a message", "09:12"]
    assert [icon.name for icon in of(drawing, Icon)] == ["trash"]


def test_what_somebody_does_stands_in_the_middle() -> None:
    drawing = drawn(row("puts the **kettle** on", kind="action", user="carol"))
    name, *_ = of(drawing, Text)
    assert (name.text, name.font, name.colour[:4]) == ("carol", "body_bold", "name")
    assert [text.font for text in of(drawing, Text)][1:-1] == ["body_italic", "body_bold_italic", "body_italic"]
    assert [run.text for run in drawing.runs] == ["puts the", "kettle", "on"]
    assert of(drawing, Bubble) == [] and drawing.body is not None
    left, right = name.x, max(text.x + 7 * len(text.text) for text in of(drawing, Text))
    assert abs((left + right) // 2 - WIDTH // 2) <= 1
