"""Every bitmap of the window as a Tk image, each made once and kept for as long as it is in use.

Images are composed onto the ground they stand on and have no alpha: Tk draws those 16 times faster. The cache
forgets what was not asked for longest, so whoever shows an image must hold it too: an image that nobody holds is
deleted by Tk, and what showed it turns blank.
"""

import tkinter as tk
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Final, Literal

from PIL import Image, ImageDraw, ImageTk

from chatclient.desktop import avatars, dashes, icons, vector
from chatclient.desktop.emojifile import EmojiFile
from chatclient.desktop.theme import Theme
from chatclient.desktop.vector import circle, fill

KEPT: Final = 1_000

Corner = Literal["nw", "ne", "se", "sw"]


class Art:
    """Images for one root. Sizes are pixels at scale 1; what comes out is `scale` times as large.

    Colours are `#RRGGBB`; `ground` is the colour that the image will stand on. `exact` makes the same pictures for
    who counts in the screen's own pixels.
    """

    def __init__(self, root: tk.Misc, scale: float = 1.0) -> None:
        self.scale = scale
        self._root = root
        self._cache: OrderedDict[Hashable, ImageTk.PhotoImage] = OrderedDict()
        self._faces: dict[str, tuple[str, Image.Image]] = {}
        self._emoji = EmojiFile()
        self.exact: Art = self if scale == 1 else Art(root)

    def __len__(self) -> int:
        """How many images the cache holds now; never more than `KEPT`."""
        return len(self._cache)

    def icon(self, name: str, size: int, colour: str, ground: str) -> ImageTk.PhotoImage:
        """An icon of `icons.ICONS`; `KeyError` for another name."""
        return self._made(
            ("icon", name, size, colour, ground),
            lambda: _on(ground, icons.icon(name, self._px(size), colour)),
        )

    def mark(self, size: int, colour: str, ink: str, ground: str) -> ImageTk.PhotoImage:
        """The mark of the program: a bubble in `colour`, its record in `ink`."""
        return self._made(
            ("mark", size, colour, ink, ground),
            lambda: _on(ground, icons.mark(self._px(size), colour, ink)),
        )

    def avatar(
        self,
        name: str,
        size: int,
        ground: str,
        *,
        presence: str = "",
        theme: Theme | None = None,
        square: bool = False,
    ) -> ImageTk.PhotoImage:
        """A disc (or a square with round corners) with the name's letter.

        With `presence` (`online`, `away`, `busy`, `offline`) and its `theme` the image is 3 px wider and higher,
        because the mark stands out of the disc at the lower right.
        """
        return self._made(
            ("avatar", name, size, ground, presence, theme and theme.name, square, self._faces.get(name, ("",))[0]),
            lambda: self._avatar(name, size, ground, presence, theme, square),
        )

    def face(self, name: str, file: str, picture: Image.Image | None) -> None:
        """Show this person by this square picture (which stands for the file) from the next drawing on; None: by the
        letter."""
        self._faces.pop(name, None)
        if picture is not None:
            self._faces[name] = (file, picture)

    def has_face(self, name: str, file: str) -> bool:
        return self._faces.get(name, ("",))[0] == file

    def presence(self, state: str, theme: Theme, ground: str) -> ImageTk.PhotoImage:
        """The mark of a presence by itself: 10 px in a square of 16."""
        return self._made(
            ("presence", state, theme.name, ground),
            lambda: _on(ground, avatars.presence(state, self._px(16), theme, ground)),
        )

    def emoji(self, sequence: str, size: int, ground: str) -> ImageTk.PhotoImage:
        """An emoji, or an empty frame for one that the asset lacks."""
        return self._made(("emoji", sequence, size, ground), lambda: self._emoji_on(ground, sequence, self._px(size)))

    def corner(
        self, which: Corner, radius: int, colour: str, ground: str, line: str = "", line_width: int = 1
    ) -> ImageTk.PhotoImage:
        """One corner of a shape with round corners; with a line along its edge where `line` is a colour."""
        return self._made(
            ("corner", which, radius, colour, ground, line, self._px(line_width)),
            lambda: _corner(which, self._px(radius), colour, ground, line, self._px(line_width)),
        )

    def ring(self, which: Corner, radius: int, width: int, colour: str) -> ImageTk.PhotoImage:
        """One corner of a line with round corners. It has alpha, since it goes round what stands there."""
        return self._made(
            ("ring", which, radius, width, colour),
            lambda: _quarter(which, _arc(self._px(radius), self._px(width), colour)),
        )

    def floating(self, width: int, height: int, radius: int, colour: str, line: str) -> ImageTk.PhotoImage:
        """A shape with round corners and a line. It has alpha, since it stands over anything."""
        return self._made(
            ("floating", width, height, radius, colour, line),
            lambda: _floating(self._px(width), self._px(height), self._px(radius), colour, line),
        )

    def cap(self, height: int, left: bool, colour: str) -> ImageTk.PhotoImage:
        """The left or right end of a pill. It has alpha, since what is behind it moves."""
        return self._made(("cap", height, left, colour), lambda: _cap(self._px(height), left, colour))

    def rounded(
        self, width: int, height: int, radius: int, colour: str, ground: str, line: str = "", line_width: int = 1
    ) -> ImageTk.PhotoImage:
        """A whole shape with round corners in one image: a pill, a badge, a button, a thumb."""
        return self._made(
            ("rounded", width, height, radius, colour, ground, line, self._px(line_width)),
            lambda: rounded(
                self._px(width), self._px(height), self._px(radius), colour, ground, line, self._px(line_width)
            ),
        )

    def dashed(
        self, width: int, height: int, radii: tuple[int, int, int, int], line: str, ground: str
    ) -> ImageTk.PhotoImage:
        """A dashed line with round corners and nothing inside: where something was."""
        return self._made(
            ("dashed", width, height, radii, line, ground),
            lambda: dashes.outline(self._px(width), self._px(height), radii, line, ground),
        )

    def _px(self, size: int) -> int:
        return max(1, round(size * self.scale))

    def _made(self, key: Hashable, make: Callable[[], Image.Image]) -> ImageTk.PhotoImage:
        image = self._cache.get(key)
        if image is None:
            image = self._cache[key] = ImageTk.PhotoImage(make(), master=self._root)
            if len(self._cache) > KEPT:
                self._cache.popitem(last=False)
        else:
            self._cache.move_to_end(key)
        return image

    def _avatar(
        self, name: str, size: int, ground: str, presence: str, theme: Theme | None, square: bool
    ) -> Image.Image:
        pixels = self._px(size)
        face = self._faces.get(name)
        picture = (
            avatars.pictured(face[1], pixels, square=square)
            if face is not None
            else avatars.avatar(name, pixels, square=square)
        )
        if not presence or theme is None:
            return _on(ground, picture)
        over = self._px(3)
        image = Image.new("RGBA", (pixels + over, pixels + over), ground)
        image.alpha_composite(picture)
        badge = self._px(avatars.badge_size(size))
        image.alpha_composite(
            avatars.presence(presence, badge, theme, ground), (pixels + over - badge, pixels + over - badge)
        )
        return image.convert("RGB")

    def _emoji_on(self, ground: str, sequence: str, size: int) -> Image.Image:
        picture = self._emoji.picture(sequence)
        if picture is None:
            return _on(ground, _unknown(size))
        return _on(ground, picture.resize((size, size), Image.Resampling.LANCZOS))


def rounded(
    width: int, height: int, radius: int, colour: str, ground: str, line: str = "", line_width: int = 1
) -> Image.Image:
    """A shape with round corners on its ground ("RGB"), in pixels."""
    large = 4
    image = Image.new("RGB", (width * large, height * large), ground)
    ImageDraw.Draw(image).rounded_rectangle(
        (0, 0, width * large - 1, height * large - 1),
        min(radius, width / 2, height / 2) * large,
        fill=colour,
        outline=line or None,
        width=line_width * large if line else 0,
    )
    return image.resize((width, height), Image.Resampling.BOX)


def _floating(width: int, height: int, radius: int, colour: str, line: str) -> Image.Image:
    large = 4
    image = Image.new("RGBA", (width * large, height * large))
    place = (0, 0, width * large - 1, height * large - 1)
    ImageDraw.Draw(image).rounded_rectangle(place, radius * large, fill=colour, outline=line, width=large)
    return image.resize((width, height), Image.Resampling.BOX)


def _corner(which: Corner, radius: int, colour: str, ground: str, line: str, line_width: int) -> Image.Image:
    side = 2 * radius
    shapes = [(circle(radius, radius, radius), line or colour)]
    if line:
        shapes.append((circle(radius, radius, radius - line_width), colour))
    image = Image.new("RGBA", (side, side), ground)
    for path, ink in shapes:
        image.alpha_composite(icons.inked(vector.mask([fill(path)], side, side), ink))
    return _quarter(which, image.convert("RGB"))


def _arc(radius: int, width: int, colour: str) -> Image.Image:
    path = circle(radius, radius, radius - width / 2)
    return icons.inked(vector.mask([vector.Shape(path, width)], 2 * radius, 2 * radius), colour)


def _quarter(which: Corner, image: Image.Image) -> Image.Image:
    radius = image.width // 2
    left, top = (0 if "w" in which else radius), (0 if "n" in which else radius)
    return image.crop((left, top, left + radius, top + radius))


def _cap(height: int, left: bool, colour: str) -> Image.Image:
    disc = icons.inked(vector.mask([fill(circle(height / 2, height / 2, height / 2))], height, height), colour)
    return disc.crop((0, 0, height // 2, height) if left else (height - height // 2, 0, height, height))


def _unknown(size: int) -> Image.Image:
    """A quiet empty frame: there is a sign here that this program has no picture of."""
    edge = size * 0.14
    frame = vector.rectangle(edge, edge, size - 2 * edge, size - 2 * edge, size * 0.16)
    return icons.inked(vector.mask([vector.Shape(frame, max(1.0, size / 14))], size, size), "#8A8A99")


def _on(ground: str, picture: Image.Image) -> Image.Image:
    image = Image.new("RGBA", picture.size, ground)
    image.alpha_composite(picture)
    return image.convert("RGB")
