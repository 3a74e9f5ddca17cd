"""Names, groups, tones and completion of emoji."""

import emoji
import pytest

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
