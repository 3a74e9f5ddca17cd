"""Names, groups, tones and completion of emoji."""

import re
from collections.abc import Sequence

import emoji
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chatclient import emojis
from chatclient.desktop.emojifile import EmojiFile
from shared import rules


def test_every_emoji_of_the_picker_has_a_picture_a_name_and_a_shortcode() -> None:
    pictures = EmojiFile()
    everyone = [each for group in emojis.groups() for each in group.emoji]
    assert len(everyone) > 1_800 and len(set(everyone)) == len(everyone)
    assert [each for each in everyone if each not in pictures] == []
    assert [each for each in everyone if not emojis.name(each) or emojis.called(emojis.shortcode(each)) != each] == []


def test_every_emoji_of_the_picker_is_a_reaction_as_it_stands() -> None:
    """Else one reaction could be chosen twice in two spellings."""
    everyone = [each for group in emojis.groups() for each in group.emoji]
    assert [each for each in everyone if rules.reaction(each) != each] == []


@pytest.mark.parametrize(
    ("shortcode", "found"),
    [(":tada:", "🎉"), ("tada", "🎉"), (":+1:", "👍"), (":THUMBS_UP:", "👍"), (":heart:", "❤️"), (":nothing_such:", "")],
)
def test_shortcodes(shortcode: str, found: str) -> None:
    assert emojis.called(shortcode) == found


def test_finding() -> None:
    assert emojis.find("party popper")[0] == "🎉"
    assert "❤️" in emojis.find("red heart")
    assert "⚽" in emojis.find("occer"), "a part of a word"
    assert emojis.find("") == emojis.find("  :_ ") == []
    assert emojis.find("zzzzzz") == []
    assert not any(tone in each for each in emojis.find("hand") for tone in emojis.TONES[1:]), (
        "the tone is set elsewhere"
    )


NAMES = [
    (each, [str(name).strip(":").casefold() for name in (about["en"], *about.get("alias", ()))])
    for each, about in emoji.EMOJI_DATA.items()
    if about["status"] == emoji.STATUS["fully_qualified"] and not re.search("[\U0001f3fb-\U0001f3ff]", each)
]
TYPED = st.lists(
    st.tuples(st.sampled_from([name for _, names in NAMES for name in names]), st.integers(0, 9), st.integers(1, 9)),
    max_size=3,
).map(lambda parts: " ".join(name[start : start + length] for name, start, length in parts))


def plainly(names: Sequence[str], words: list[str]) -> int:
    """How close the closest of these names is; 9 for not at all."""
    ranks = [9]
    for parts in (name.split("_") for name in names):
        if parts == words:
            ranks.append(0)
        elif "_".join(parts).startswith("_".join(words)):
            ranks.append(1)
        elif all(any(part.startswith(word) for part in parts) for word in words):
            ranks.append(2)
        elif all(any(word in part for part in parts) for word in words):
            ranks.append(3)
    return min(ranks)


@settings(deadline=None, max_examples=30)
@given(TYPED | st.text("aeht_ :12ÉéŌ", max_size=6))
@example("red heart")
@example("_1")
@example("FLAG_for")
def test_finding_is_what_looking_through_all_names_finds(text: str) -> None:
    words = re.findall(r"[^\s_:]+", text.casefold())
    closeness = {each: plainly(names, words) for each, names in NAMES} if words else {}
    found = emojis.find(text)
    assert set(found) == {each for each, rank in closeness.items() if rank < 9}
    ranks = [closeness[each] for each in found]
    assert ranks == sorted(ranks)
    order = {each: place for place, each in enumerate(each for group in emojis.groups() for each in group.emoji)}
    places = [(rank, order[each]) for each, rank in zip(found, ranks, strict=True) if each in order]
    assert places == sorted(places), "equal ones in the order of the groups"


def test_completion_prefers_what_is_used() -> None:
    plain = emojis.complete(":ta")
    assert len(plain) == 5 and all(each.shortcode.startswith(":ta") for each in plain)
    assert emojis.complete(":ta", used=["🎉"])[0] == ("🎉", ":tada:")
    assert emojis.complete(":zzzz") == []


@pytest.mark.parametrize(
    ("plain", "toned"),
    [
        ("👍", "👍🏽"),
        ("🕵️‍♂️", "🕵🏽‍♂️"),
        ("✌️", "✌🏽"),
        ("👩‍❤️‍👨", "👩🏽‍❤️‍👨🏽"),
        ("🎉", "🎉"),
        ("👍🏿", "👍🏽"),
        ("🇩🇪", "🇩🇪"),
    ],
)
def test_tones(plain: str, toned: str) -> None:
    assert emojis.toned(plain, emojis.TONES[3]) == toned
    assert toned in emoji.EMOJI_DATA


def test_no_tone_takes_it_away() -> None:
    assert emojis.toned("👍🏽", "") == "👍"
    assert emojis.toned("🎉", "") == "🎉"


def test_often() -> None:
    assert emojis.often([]) == ["👍", "🎉", "❤️", "😂", "🚀", "👀", "✅", "🙏", "👏"]
    assert emojis.often(["🐙", "🌮", "🌮"])[:3] == ["🌮", "🐙", "👍"]
    assert len(emojis.often(list("🐙🌮🍎🍏🍐🍑🍒🍓🍇🍈"))) == emojis.OFTEN
