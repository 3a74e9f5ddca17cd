"""How the window looks: colours by token, sizes, and the font table, for light and dark.

Everything that draws takes a `Theme` and asks it by token, so that another theme is a redraw and nothing else.
The values are those of the design; every pair of text and ground has a contrast of 4.5:1 or more. Sizes are
pixels at scale 1; `Metrics.at` gives them for another scale.
"""

import dataclasses
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final, NamedTuple


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours as `#RRGGBB`. `colour("own_text")` serves those who hold a token's name."""

    name: str
    side: str  # ground of the sidebar and of panels
    conv: str  # ground of the conversation
    other: str  # bubble of the others
    own: str  # own bubble, primary buttons
    own_text: str
    own_muted: str  # time and check in the own bubble
    own_link: str
    own_selected: str  # selected text in the own bubble
    own_quote: str  # ground of quotes and code in the own bubble
    accent: str  # focus, the chosen room's sign
    text: str
    muted: str
    border: str
    field: str  # line of inputs and plain buttons
    link: str
    quote: str  # ground of quotes and code; a button that is off
    reaction: str  # ground of a reaction
    hover: str
    active: str  # the chosen row
    pale: str  # the mark in an empty room, tags
    badge: str
    badge_text: str
    pdf_tile: str  # tiles of files by their type
    file_tile: str
    danger: str  # text
    danger_line: str  # lines and icons
    danger_tint: str  # ground of a message that was not sent
    danger_selected: str  # selected text in it
    online: str
    away: str
    offline: str
    dot: str  # the dots of who is typing, but for the bright one
    input: str
    selected: str  # selected text, search hits
    card: str  # ground of a settings card
    popover: str
    popover_line: str
    popover_row: str  # the chosen row of a popover
    thumb: str  # the scrollbar's
    thumb_held: str
    names: tuple[str, str, str, str, str]  # the name over a bubble, by `colour_index`

    def colour(self, token: str) -> str:
        """`#RRGGBB` of a token; `name0` to `name4` are the names' colours."""
        if token.startswith("name") and token != "name":
            return self.names[int(token[4:])]
        value: str = getattr(self, token)
        return value


LIGHT: Final = Theme(
    name="light",
    side="#F3F3F7",
    conv="#FFFFFF",
    other="#F0F0F5",
    own="#5B5BD6",
    own_text="#FFFFFF",
    own_muted="#EFEFFF",
    own_link="#FFFFFF",
    own_selected="#3A3AA6",
    own_quote="#4E4EC2",
    accent="#5B5BD6",
    text="#1B1B21",
    muted="#5F5F6E",
    border="#E3E3EA",
    field="#C6C6D2",
    link="#4A4AC4",
    quote="#E4E4EE",
    reaction="#FFFFFF",
    hover="#E9E9F0",
    active="#E2E2F6",
    pale="#E8E8FB",
    badge="#5F5F6E",
    badge_text="#FFFFFF",
    pdf_tile="#B3364C",
    file_tile="#5F5F6E",
    danger="#C2304A",
    danger_line="#D13B54",
    danger_tint="#FCEBEE",
    danger_selected="#F3C3CB",
    online="#1F9D61",
    away="#B97F00",
    offline="#7E7E8C",
    dot="#9F9FA8",
    input="#F3F3F7",
    selected="#C9C9F5",
    card="#FFFFFF",
    popover="#FFFFFF",
    popover_line="#D9D9E3",
    popover_row="#E2E2F6",
    thumb="#E3E3EA",
    thumb_held="#C6C6D2",
    names=("#4A4AC4", "#A8326B", "#0B7261", "#9A4B00", "#2266A8"),
)

DARK: Final = Theme(
    name="dark",
    side="#15151A",
    conv="#1B1B21",
    other="#292932",
    own="#5B5BD6",
    own_text="#FFFFFF",
    own_muted="#EFEFFF",
    own_link="#FFFFFF",
    own_selected="#3A3AA6",
    own_quote="#4E4EC2",
    accent="#7C7CF0",
    text="#EEEEF3",
    muted="#A3A3B2",
    border="#2D2D37",
    field="#4A4A58",
    link="#B4B4FF",
    quote="#353541",
    reaction="#292932",
    hover="#22222A",
    active="#2C2C47",
    pale="#3A3A66",
    badge="#A3A3B2",
    badge_text="#15151A",
    pdf_tile="#B3364C",
    file_tile="#5F5F6E",
    danger="#FF8095",
    danger_line="#FF8095",
    danger_tint="#35222A",
    danger_selected="#6B2F3D",
    online="#3DD68C",
    away="#F5B83D",
    offline="#8A8A99",
    dot="#6D6D78",
    input="#25252D",
    selected="#45458F",
    card="#1F1F26",
    popover="#25252D",
    popover_line="#3C3C49",
    popover_row="#34344F",
    thumb="#2D2D37",
    thumb_held="#4A4A58",
    names=("#B4B4FF", "#F59AC6", "#5FD3BC", "#F7B267", "#8CC4FF"),
)

THEMES: Final[dict[str, Theme]] = {"light": LIGHT, "dark": DARK}

AVATAR_COLOURS: Final = ("#5B5BD6", "#B23A72", "#0B7A68", "#A85A00", "#2266A8")
"""Grounds of avatars by `colour_index`, white letter, the same in both themes."""


_NAME_SALT: Final = (15034).to_bytes(4, "big")  # gives the sample people of the docs the colours of the design


def colour_index(name: str) -> int:
    """0 to 4: the colour that a name has on every device and on every day."""
    digest = blake2b(name.encode("utf-8", "surrogatepass"), digest_size=4, salt=_NAME_SALT).digest()
    return digest[3] % len(AVATAR_COLOURS)


@dataclass(frozen=True, slots=True)
class Metrics:
    """Sizes of the conversation and of what stands round it, in pixels."""

    sidebar: int = 272
    header: int = 56
    composer: int = 48
    avatar: int = 32
    radius: int = 16  # bubble
    radius_joined: int = 5  # bubble, towards its neighbour in the group
    bubble: int = 520  # widest
    margin: int = 20  # left and right of the conversation
    margin_narrow: int = 12
    narrow: int = 480  # a conversation under this width has the narrow margins
    avatar_gap: int = 8
    pad_x: int = 12  # inside a bubble
    pad_y: int = 8
    gap: int = 2  # between bubbles of a group
    group_gap: int = 12
    line: int = 20  # of message text
    rtl_line: int = 24  # of text from right to left
    name_line: int = 19
    small_line: int = 16  # 12 and 11 px text
    time_gap: int = 12  # between the last word and the time
    mark_gap: int = 4  # between the time and its mark
    check: int = 14
    clock: int = 12
    alert: int = 14
    emoji: int = 18
    emoji_large: int = 36
    emoji_line: int = 44  # line of a message of emoji alone
    quote_line: int = 17  # of the quote of a reply
    quote_pad: int = 5  # over and under its lines
    quote_start: int = 18  # from its edge to its words
    quote_end: int = 10
    quote_inset: int = 8  # from its edge to its bar
    quote_bar: int = 3
    quote_radius: int = 8
    quote_gap: int = 6  # under it
    quote_least: int = 200
    code_radius: int = 10  # of a block
    code_gap: int = 4  # over and under it
    inline_pad: int = 5  # beside code in a line
    inline_radius: int = 5
    inline_high: int = 18
    mention_pad: int = 4
    cited_start: int = 13  # from the bar's left edge to the words of a quoted line
    picture: int = 320  # widest
    picture_high: int = 240  # highest
    picture_least: int = 48
    picture_radius: int = 12
    picture_joined: int = 4  # radius towards its neighbour
    picture_gap: int = 4  # between pictures, and under them
    picture_icon: int = 24
    grid_high: int = 106
    file: int = 296  # what stands in the bubble of a file
    file_row: int = 48
    file_tile: int = 40
    file_radius: int = 10
    file_gap: int = 12
    file_button: int = 32
    file_icon: int = 18
    pill: int = 26  # a reaction
    pill_radius: int = 10
    pill_start: int = 8
    pill_end: int = 9
    pill_inside: int = 5  # between the emoji and the count
    pill_emoji: int = 17
    pill_gap: int = 4
    aside_icon: int = 14
    aside_gap: int = 6
    foot: int = 20  # under the last row
    scrollbar: int = 6
    scrollbar_inset: int = 4
    float_button: int = 36
    float_inset: int = 16
    float_icon: int = 18
    float_gap: int = 6  # between the icon and the words
    float_start: int = 10
    float_end: int = 14

    def at(self, scale: float) -> "Metrics":
        """The same at another scale; each size is rounded to whole pixels, none to 0."""
        if scale == 1:
            return self
        sizes = {field.name: max(1, round(getattr(self, field.name) * scale)) for field in dataclasses.fields(self)}
        return Metrics(**sizes)


METRICS: Final = Metrics()


class FontSpec(NamedTuple):
    """A face and its size in pixels. `semibold` is a face of its own where Tk knows it, else bold."""

    family: str
    size: int
    weight: str = "normal"  # "normal" | "semibold" | "bold"
    slant: str = "roman"  # "roman" | "italic"


SANS: Final = "Inter"
MONO: Final = "JetBrains Mono"

FONTS: Final[dict[str, FontSpec]] = {
    "body": FontSpec(SANS, 14),
    "body_rtl": FontSpec(SANS, 15),
    "body_semibold": FontSpec(SANS, 14, "semibold"),
    "body_bold": FontSpec(SANS, 14, "bold"),
    "body_italic": FontSpec(SANS, 14, slant="italic"),
    "body_bold_italic": FontSpec(SANS, 14, "bold", "italic"),
    "name": FontSpec(SANS, 13, "bold"),
    "button": FontSpec(SANS, 13, "semibold"),
    "segment": FontSpec(SANS, 13),
    "small": FontSpec(SANS, 12),
    "small_semibold": FontSpec(SANS, 12, "semibold"),
    "small_bold": FontSpec(SANS, 12, "bold"),
    "tiny": FontSpec(SANS, 11),
    "tag": FontSpec(SANS, 11, "semibold"),
    "tag_bold": FontSpec(SANS, 11, "bold"),
    "title": FontSpec(SANS, 16, "bold"),
    "heading": FontSpec(SANS, 20, "bold"),
    "welcome": FontSpec(SANS, 24, "bold"),
    "code": FontSpec(MONO, 13),
    "code_small": FontSpec(MONO, 12),
    "record": FontSpec(MONO, 11),
}
