"""What the index is fed with, by a running log and by a start that reads the history."""

from collections.abc import Sequence
from typing import NamedTuple

from chatserver.log.scan import Place
from shared.protocol import AnyEvent


class Feed(NamedTuple):
    """Consecutive events for the index: the bytes of each line, the hash of each id, the offset of the first line.

    `place` is the end of the last line: with it the watermark moves.
    """

    events: Sequence[AnyEvent]
    sizes: Sequence[int]
    hashes: Sequence[bytes]
    offset: int
    place: Place
