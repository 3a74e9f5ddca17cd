"""Has this id been used before? A layered Bloom filter over 64-bit hashes of (author, id).

A fresh id must not cost a look into the index, and a history has more ids than fit in memory: the filter spends eight
bytes on each and answers "never" for certain or "perhaps". A key sets four bits in each of two words, so that a check
reads one word of a layer, and the second only where the first one fits. Words have 30 bits, which Python computes with
twice as fast as with 64. A layer that is full (about one wrong "perhaps" in 100,000 by then) is followed by one four
times as large. Pure; the hashes and bits are the same in every version, since the words are kept in the index.
"""

from array import array
from collections.abc import Iterable
from hashlib import blake2b
from struct import Struct
from typing import Final

from shared.protocol import AnyEvent, Message

FIRST_LAYER: Final = 1 << 19
"""Keys of the first layer: 4 MiB."""
HASH: Final = 8
"""Bytes of a hash."""

_WORD_BITS: Final = 30
_HALVES: Final = Struct("<II")
_unpack: Final = _HALVES.unpack


def _mask(number: int) -> int:
    """Four bits of a word, chosen by the number alone."""
    bits: set[int] = set()
    for byte in blake2b(number.to_bytes(2, "little"), digest_size=64).digest():
        bits.add(byte % _WORD_BITS)
        if len(bits) == 4:
            break
    return sum(1 << bit for bit in bits)


_MASKS: Final = [_mask(number) for number in range(4096)]


def hash_of(key: str) -> bytes:
    """Eight bytes of a key."""
    return blake2b(key.encode(), digest_size=HASH).digest()


def hashes_of(events: Iterable[AnyEvent]) -> list[bytes]:
    """`hash_of` the key of each event's id."""
    return [
        blake2b(
            f"{event.user if type(event) is Message else event.author}\t{event.id}".encode(), digest_size=HASH
        ).digest()
        for event in events
    ]


class Layer:
    """A filter of fixed size for up to `capacity` keys, a power of two."""

    __slots__ = ("capacity", "count", "last", "words")

    def __init__(self, capacity: int, count: int = 0, words: bytes | None = None) -> None:
        self.capacity = capacity
        self.count = count
        self.last = capacity * 2 - 1  # place of the last word, and the bits of a half that choose one
        self.words = array("I", words if words is not None else bytes(capacity * 8))
        if len(self.words) != capacity * 2:
            raise ValueError(f"a layer for {capacity} keys has {capacity * 2} words, not {len(self.words)}")


class Seen:
    """The layers together. Changes belong to one thread; the words may be copied from another meanwhile.

    through     every id up to this seq was added; read it before copying the words
    """

    def __init__(self, layers: list[Layer] | None = None, through: int = 0) -> None:
        self.layers = layers or [Layer(FIRST_LAYER)]
        self.through = through

    def __contains__(self, hashed: bytes) -> bool:
        """False: never added. True: perhaps."""
        one, other = _unpack(hashed)
        mask = _MASKS[one >> 20]
        for layer in self.layers:
            if layer.words[one & layer.last] & mask == mask:
                second = _MASKS[other >> 20]
                if layer.words[other & layer.last] & second == second:
                    return True
        return False

    def add_all(self, hashes: bytes, through: int) -> None:
        """Add these, one behind the other, of the events up to this seq; some may be there already."""
        layer = self.layers[-1]
        words, last, masks = layer.words, layer.last, _MASKS
        for one, other in _HALVES.iter_unpack(hashes):
            if layer.count >= layer.capacity:
                layer = self._next_layer()
                words, last = layer.words, layer.last
            words[one & last] |= masks[one >> 20]
            words[other & last] |= masks[other >> 20]
            layer.count += 1
        self.through = through

    def _next_layer(self) -> Layer:
        layer = Layer(self.layers[-1].capacity * 4)
        self.layers.append(layer)
        return layer
