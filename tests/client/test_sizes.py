"""How large files are, in words."""

import pytest

from chatclient.sizes import progress, size

KB, MB = 1024, 1024 * 1024


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (1023, "1,023 bytes"),
        (1024, "1 KB"),
        (38 * KB, "38 KB"),
        (182 * KB + 700, "183 KB"),
        (MB - 1, "1 MB"),
        (1_468_006, "1.4 MB"),
        (24 * MB, "24 MB"),
        (100 * MB, "100 MB"),
        (100 * MB + MB // 2, "100 MB"),
        (1536 * MB, "1.5 GB"),
    ],
)
def test_sizes(count: int, words: str) -> None:
    assert size(count) == words


@pytest.mark.parametrize(
    ("sent", "total", "words"),
    [
        (15_624_000, 24 * MB, "14.9 of 24 MB, 62 %"),
        (0, 24 * MB, "0 of 24 MB, 0 %"),
        (24 * MB - 1, 24 * MB, "24 of 24 MB, 99 %"),
        (24 * MB, 24 * MB, "24 of 24 MB, 100 %"),
        (50 * KB, 100 * KB, "50 of 100 KB, 50 %"),
        (0, 0, "0 of 0 bytes, 100 %"),
    ],
)
def test_progress(sent: int, total: int, words: str) -> None:
    assert progress(sent, total) == words
