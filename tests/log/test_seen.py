"""The filter never forgets an id, and seldom suspects a new one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatserver.index.seen import FIRST_LAYER, Layer, Seen, hash_of


def codes(prefix: str, count: int) -> list[bytes]:
    return [hash_of(f"alice\t{prefix}{n}") for n in range(count)]


def filled(count: int, *layers: Layer) -> Seen:
    """A filter that has seen ids a0, a1 …, a few hundred at a time."""
    seen, hashes = Seen(list(layers)), codes("a", count)
    for start in range(0, count, 300):
        seen.add_all(b"".join(hashes[start : start + 300]), start + 300)
    return seen


def test_what_was_added_is_never_forgotten() -> None:
    seen = filled(30_000, Layer(1024))
    assert seen.through == 30_000
    assert all(code in seen for code in codes("a", 30_000))


def test_new_ids_are_seldom_suspected_even_by_full_layers() -> None:
    seen = filled(1024 + 4096 + 16384, Layer(1024))
    assert [layer.capacity for layer in seen.layers] == [1024, 4096, 16384]
    assert sum(code in seen for code in codes("b", 50_000)) <= 6  # 3 full layers of about 1 in 100,000 each


def test_an_overfull_layer_would_suspect_many() -> None:
    endless = Layer(1 << 14)
    endless.count = -(1 << 20)  # the control: a layer that is not begun anew when it is full
    seen = filled(1 << 17, endless)
    assert sum(code in seen for code in codes("b", 50_000)) > 1000


def test_a_copy_of_the_words_is_the_same_filter() -> None:
    seen = filled(1000)
    copy = Seen([Layer(layer.capacity, layer.count, layer.words.tobytes()) for layer in seen.layers])
    assert all(code in copy for code in codes("a", 1000))
    assert copy.layers[0].count == seen.layers[0].count
    with pytest.raises(ValueError, match="words"):
        Layer(FIRST_LAYER, 0, b"12345678")


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"])))
def test_hashes_have_eight_bytes_and_are_stable(one: str, other: str) -> None:
    assert len(hash_of(one)) == 8
    assert (hash_of(one) == hash_of(other)) == (one == other)


def test_the_hash_is_the_same_in_every_version() -> None:
    assert hash_of("alice\t01JC8Z0") == bytes.fromhex("b8ef72c7a15a4402")
