"""Pictures: sizes as they are to be seen, small ones, and everything that only claims to be a picture."""

import asyncio
import io
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from chatserver.files.pictures import About, Pictures
from tests.files.samples import animated, picture, plain_files, saved, turned

RED, LIME, BLACK = (255, 0, 0), (0, 255, 0), (0, 0, 0)


@pytest.fixture
def pictures() -> Iterator[Pictures]:
    made = Pictures()
    yield made
    made.close()


async def look(pictures: Pictures, folder: Path, data: bytes) -> tuple[About, Image.Image | None]:
    """What was found, and the small picture."""
    path, thumb = folder / "file", folder / "thumbs" / "file.webp"
    path.write_bytes(data)
    about = await pictures.examine(path, thumb)
    return about, Image.open(io.BytesIO(thumb.read_bytes())) if thumb.exists() else None


def near(found: object, wanted: tuple[int, int, int]) -> bool:
    assert isinstance(found, tuple)
    return all(abs(a - b) < 40 for a, b in zip(found, wanted, strict=False))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "BMP"])
async def test_a_picture_of_each_kind(pictures: Pictures, tmp_path: Path, kind: str) -> None:
    about, small = await look(pictures, tmp_path, picture(kind))
    assert about == About(f"image/{kind.lower()}", 640, 400)
    assert small is not None and small.format == "WEBP" and small.size == (480, 300)
    assert near(small.getpixel((2, 2)), BLACK) and near(small.getpixel((477, 2)), RED)


@pytest.mark.parametrize("orientation", range(1, 9))
async def test_it_is_righted_as_the_camera_says(pictures: Pictures, tmp_path: Path, orientation: int) -> None:
    about, small = await look(pictures, tmp_path, turned(orientation))
    size = (640, 400) if orientation < 5 else (400, 640)
    assert (about.width, about.height) == size
    assert small is not None and (small.width < small.height) is (orientation >= 5)
    black = {1: (0, 0), 2: (1, 0), 3: (1, 1), 4: (0, 1), 5: (0, 0), 6: (1, 0), 7: (1, 1), 8: (0, 1)}[orientation]
    corner = (black[0] * (small.width - 5) + 2, black[1] * (small.height - 5) + 2)
    assert near(small.getpixel(corner), BLACK)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
async def test_of_an_animation_the_first_frame(pictures: Pictures, tmp_path: Path, kind: str) -> None:
    about, small = await look(pictures, tmp_path, animated(kind))
    assert (about.width, about.height) == (60, 40)
    assert small is not None and small.size == (60, 40) and near(small.getpixel((30, 20)), RED)
    assert getattr(small, "n_frames", 1) == 1


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
async def test_every_mode_becomes_a_small_picture(pictures: Pictures, tmp_path: Path, mode: str) -> None:
    image = (
        Image.new("I;16", (900, 50), 40_000) if mode == "I;16" else Image.new("RGBA", (900, 50), "lime").convert(mode)
    )
    about, small = await look(pictures, tmp_path, saved(image, "JPEG" if mode == "CMYK" else "PNG"))
    assert (about.width, about.height) == (900, 50)
    assert small is not None and small.size == (480, 27)
    if mode == "I;16":
        assert near(small.getpixel((9, 9)), (156, 156, 156))


async def test_what_shines_through_still_does(pictures: Pictures, tmp_path: Path) -> None:
    _, small = await look(pictures, tmp_path, saved(Image.new("RGBA", (800, 800), (255, 0, 0, 100)), "PNG"))
    assert small is not None and small.mode == "RGBA"
    assert abs(small.getpixel((9, 9))[3] - 100) < 3  # type: ignore[index]  # of this mode it is a tuple


@pytest.mark.parametrize(("name", "data"), plain_files().items())
async def test_what_is_no_picture_is_a_plain_file(
    pictures: Pictures, tmp_path: Path, name: str, data: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    about, small = await look(pictures, tmp_path, data)
    assert (about.width, about.height) == (0, 0)
    assert not about.mime.startswith("image/"), "nobody shows what could not be read"
    assert small is None
    assert [record for record in caplog.records if record.levelno > logging.DEBUG] == []


async def test_damaged_exif_spoils_no_picture(pictures: Pictures, tmp_path: Path) -> None:
    data = turned(6)
    at = data.index(b"Exif\0\0") + 6
    about, small = await look(pictures, tmp_path, data[:at] + b"\xff" * 16 + data[at + 16 :])
    assert (about.width, about.height) == (640, 400) and small is not None


@pytest.mark.slow
async def test_many_at_once_are_two_at_once(pictures: Pictures, tmp_path: Path) -> None:
    big = picture("PNG", 5_000, 4_000)
    paths = []
    for number in range(4):
        paths.append(tmp_path / f"{number}")
        paths[-1].write_bytes(big)
    loop = asyncio.get_running_loop()
    work = asyncio.gather(*(pictures.examine(path, tmp_path / f"{path.name}.webp") for path in paths))
    worst, last = 0.0, loop.time()
    while not work.done():
        await asyncio.sleep(0.005)
        worst, last = max(worst, loop.time() - last), loop.time()
    assert set(await work) == {About("image/png", 5_000, 4_000)}
    assert worst < 0.5, "the loop goes on meanwhile"


async def test_a_small_picture_comes_back(pictures: Pictures, tmp_path: Path) -> None:
    about, small = await look(pictures, tmp_path, picture())
    thumb = tmp_path / "thumbs" / "file.webp"
    thumb.unlink()
    assert await pictures.shrink(tmp_path / "file", about.mime, thumb)
    assert small is not None and Image.open(io.BytesIO(thumb.read_bytes())).size == small.size
    assert not await pictures.shrink(tmp_path / "file", "application/pdf", thumb)
