"""A list that grows at both ends: what was loaded backwards, and what came since.

Two plain lists, the front one reversed, so that `append`, `prepend` of a page and access by index cost nothing
that depends on the length; `insert` and `delete` shift one of the two.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")


class Ends(Generic[T]):
    """Indices run from 0 (the front) to `len - 1`; -1 is the last, others below 0 are an `IndexError`."""

    __slots__ = ("_back", "_front")

    def __init__(self) -> None:
        self._front: list[T] = []
        self._back: list[T] = []

    def __len__(self) -> int:
        return len(self._front) + len(self._back)

    def __iter__(self) -> Iterator[T]:
        yield from reversed(self._front)
        yield from self._back

    def __getitem__(self, i: int) -> T:
        part, at = self._where(i)
        return part[at]

    def __setitem__(self, i: int, item: T) -> None:
        part, at = self._where(i)
        part[at] = item

    def _where(self, i: int) -> tuple[list[T], int]:
        size = len(self)
        i = size - 1 if i == -1 else i
        if not 0 <= i < size:
            raise IndexError(f"index {i} in a list of {size}")
        front = len(self._front)
        return (self._front, front - 1 - i) if i < front else (self._back, i - front)

    def append(self, item: T) -> None:
        self._back.append(item)

    def prepend(self, items: Sequence[T]) -> None:
        """Put `items` before the first, in their own order."""
        self._front.extend(reversed(items))

    def insert(self, i: int, item: T) -> None:
        """Put `item` before the one at `i`; `len` appends."""
        front = len(self._front)
        if i < front:
            self._front.insert(front - i, item)
        else:
            self._back.insert(i - front, item)

    def delete(self, i: int) -> None:
        """Take the one at `i` out."""
        part, at = self._where(i)
        del part[at]

    def last_at_most(self, limit: int, key: Callable[[T], int]) -> int:
        """Index of the last item whose key is at most `limit`, or -1. The items are sorted by key."""
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if key(self[middle]) <= limit:
                low = middle + 1
            else:
                high = middle
        return low - 1
