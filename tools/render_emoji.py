"""Render Noto Color Emoji into the one file that the window draws emoji from.

    python tools/render_emoji.py --font noto-color-emoji-emoji-400-normal.woff2 [--size 64] [--quality 75] [--out FILE]

Every sequence that the `emoji` package knows (flags, families, skin tones, keycaps) and that the font draws as one
picture becomes a small WebP; `chatclient/desktop/emojifile.py` tells the format of the file and reads it. Chromium
draws, since it knows fonts of vectors in colour; it is driven by Playwright. The font of all current emoji is in the
npm package @fontsource/noto-color-emoji.
"""

import argparse
import base64
import io
import shutil
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

import emoji
from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parent.parent
DRAWN = 192  # pixels of a picture before it is made small
BATCH = 200

sys.path.insert(0, str(ROOT))

PAGE = """<!doctype html><meta charset="utf-8"><style>
@font-face { font-family: Drawn; src: url(data:font/woff2;base64,%s) }
</style><p style="font: 20px Drawn">😀</p>"""

# One emoji is as wide as 😀; the blue square tells where the middle of all pictures lies.
DRAW = """([sequences, side]) => {
    const canvas = Object.assign(document.createElement('canvas'), {width: side, height: side});
    const ink = canvas.getContext('2d');
    ink.font = '100px Drawn';
    const size = 100 * side / ink.measureText('😀').width;
    ink.font = `${size}px Drawn`;
    const whole = ink.measureText('😀').width, box = ink.measureText('🟦');
    const y = (side + box.actualBoundingBoxAscent - box.actualBoundingBoxDescent) / 2;
    return sequences.map(sequence => {
        if (Math.abs(ink.measureText(sequence).width - whole) > 1) return '';
        ink.clearRect(0, 0, side, side);
        ink.fillText(sequence, 0, y);
        return canvas.toDataURL('image/png').split(',')[1];
    });
}"""


def main() -> int:
    from chatclient.desktop import emojifile
    from chatclient.desktop.emoji import key

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--font", type=Path, required=True)
    parser.add_argument("--size", type=int, default=64)
    parser.add_argument("--quality", type=int, default=75)
    parser.add_argument("--out", type=Path, default=emojifile.ASSET)
    args = parser.parse_args()
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None or not args.font.exists():
        print(f"Chromium or {args.font} is not there.", file=sys.stderr)
        return 1
    pictures: dict[str, bytes] = {}
    lacking = []
    full = sorted(emoji.EMOJI_DATA, key=len, reverse=True)  # fully qualified forms come first
    wanted = list({key(sequence): sequence for sequence in reversed(full)}.values())
    for sequence, drawn in drawings(browser, args.font, wanted):
        if drawn is None:
            lacking.append(sequence)
            continue
        small = drawn.resize((args.size, args.size), Image.Resampling.LANCZOS)
        buffer = io.BytesIO()
        small.save(buffer, "WEBP", quality=args.quality, alpha_quality=85, method=6)
        pictures[key(sequence)] = buffer.getvalue()
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_bytes(packed(pictures, emojifile.MAGIC))
    print(f"{args.out}: {len(pictures):,} emoji, {args.out.stat().st_size:,} bytes; the font lacks {lacking}")
    return 0


def drawings(browser: str, font: Path, sequences: list[str]) -> Iterator[tuple[str, Image.Image | None]]:
    """Each sequence with its picture, or None where the font draws it as several or not at all."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = chromium.new_page()
        page.set_content(PAGE % base64.b64encode(font.read_bytes()).decode())
        page.evaluate("document.fonts.ready")
        for start in range(0, len(sequences), BATCH):
            batch = sequences[start : start + BATCH]
            yield from zip(batch, _draw(page, batch), strict=True)
        chromium.close()


def _draw(page: Page, batch: list[str]) -> Iterator[Image.Image | None]:
    for data in page.evaluate(DRAW, [batch, DRAWN]):
        picture = Image.open(io.BytesIO(base64.b64decode(data))).convert("RGBA") if data else None
        yield picture if picture is not None and picture.getchannel("A").getbbox() else None


def packed(pictures: dict[str, bytes], magic: bytes) -> bytes:
    index = "".join(f"{key}\t{len(data)}\n" for key, data in sorted(pictures.items()))
    squeezed = zlib.compress(index.encode(), 9)
    return magic + len(squeezed).to_bytes(4, "big") + squeezed + b"".join(data for _, data in sorted(pictures.items()))


if __name__ == "__main__":
    raise SystemExit(main())
