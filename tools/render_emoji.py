"""Render Noto Color Emoji into the one file that the window draws emoji from.

    python tools/render_emoji.py [--font NotoColorEmoji.ttf] [--size 64] [--quality 75] [--out FILE]

Every sequence that the `emoji` package knows (flags, families, skin tones, keycaps) and that the font draws as one
picture becomes a small WebP; `chatclient/desktop/emojifile.py` tells the format of the file and reads it. Needs Pillow
with libraqm, which its wheels have, and the font: Debian's package fonts-noto-color-emoji.
"""

import argparse
import io
import sys
import zlib
from pathlib import Path

import emoji
from PIL import Image, ImageDraw, ImageFont, features

ROOT = Path(__file__).parent.parent
FONT = Path("/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf")
STRIKE = 109  # the one size of the font's bitmaps
CELL = (136, 128)  # one of its pictures

sys.path.insert(0, str(ROOT))


def main() -> int:
    from chatclient.desktop import emojifile
    from chatclient.desktop.emoji import key

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--font", type=Path, default=FONT)
    parser.add_argument("--size", type=int, default=64)
    parser.add_argument("--quality", type=int, default=75)
    parser.add_argument("--out", type=Path, default=emojifile.ASSET)
    args = parser.parse_args()
    if not features.check("raqm"):
        print("This Pillow lacks libraqm, which joins sequences. Install Pillow from its wheel.", file=sys.stderr)
        return 1
    if not args.font.exists():
        print(f"{args.font} is not there. Install fonts-noto-color-emoji, or name the font.", file=sys.stderr)
        return 1
    face = ImageFont.truetype(args.font, STRIKE, layout_engine=ImageFont.Layout.RAQM)
    pictures: dict[str, bytes] = {}
    lacking = []
    for sequence in sorted(emoji.EMOJI_DATA, key=len, reverse=True):  # fully qualified forms come first
        name = key(sequence)
        if name in pictures:
            continue
        picture = draw(face, sequence)
        if picture is None:
            lacking.append(sequence)
            continue
        small = picture.resize((args.size, args.size), Image.Resampling.LANCZOS)
        buffer = io.BytesIO()
        small.save(buffer, "WEBP", quality=args.quality, alpha_quality=85, method=6)
        pictures[name] = buffer.getvalue()
    lacking = [sequence for sequence in lacking if key(sequence) not in pictures]
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_bytes(packed(pictures, emojifile.MAGIC))
    print(f"{args.out}: {len(pictures):,} emoji, {args.out.stat().st_size:,} bytes, {len(lacking)} that the font lacks")
    return 0


def draw(face: ImageFont.FreeTypeFont, sequence: str) -> Image.Image | None:
    """The sequence as one square picture, or None where the font draws it as several or not at all."""
    if round(face.getlength(sequence)) != CELL[0]:
        return None
    image = Image.new("RGBA", CELL, (0, 0, 0, 0))
    ImageDraw.Draw(image).text((0, 0), sequence, font=face, embedded_color=True)
    if image.getchannel("A").getbbox() is None:
        return None
    return image.crop((4, 0, 132, 128))


def packed(pictures: dict[str, bytes], magic: bytes) -> bytes:
    index = "".join(f"{key}\t{len(data)}\n" for key, data in sorted(pictures.items()))
    squeezed = zlib.compress(index.encode(), 9)
    return magic + len(squeezed).to_bytes(4, "big") + squeezed + b"".join(data for _, data in sorted(pictures.items()))


if __name__ == "__main__":
    raise SystemExit(main())
