"""Searching a long history: how long it takes to be indexed, how large that is, and how soon a question is answered.

Questions are asked over the wire by somebody who is in every room and by somebody who is in few small ones of them; the
time of each is from the write of its line to the read of its answer. The kinds are what people type, and what is
hardest: words that are common and never stand together, so that nothing is found by all of the index.
"""

import random
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import msgspec

from bench.crowd import PATIENCE
from bench.parley import Observer
from bench.peers import parley_command
from bench.process import BenchError, Server
from bench.search_history import EMOJI, EVERYWHERE, QUIET, history_of, signs, time_of, words
from shared.protocol import Found
from shared.protocol import Search as Ask

PATIENCE_PER_EVENT = 2e-4
ASKED = 60
"""Questions of each kind."""
BEHIND = 4_096
"""Events that may stay out of the index until more have come."""
LOOK_EVERY = 0.2


class Kind(msgspec.Struct, kw_only=True):
    """One kind of question; milliseconds. `hits`: messages of an answer, in the mean; `cut`: how many ended early."""

    title: str
    p50: float
    p99: float
    worst: float
    hits: float
    cut: int


class Searching(msgspec.Struct, kw_only=True):
    """One history. `start_seconds` without the search's index; `meanwhile`: questions while that is being made."""

    events: int
    start_seconds: float
    indexing_seconds: float
    bytes_per_event: float
    meanwhile: Kind
    kinds: list[Kind]


Questions = Iterator[Ask]


def measure_search(folder: Path, events: int, asked: int = ASKED) -> Searching:
    """A copy of the cached history in `folder`: started once for its index, then without the one of the search."""
    source = history_of(events)
    data = folder / "history"
    data.mkdir()
    shutil.copy(source, data / "chat_history.txt")
    patience = PATIENCE + events * PATIENCE_PER_EVENT
    with Server(parley_command(data), folder, patience) as server:
        _stop(server)
    for path in data.glob("search*.sqlite3*"):
        path.unlink()
    with Server(parley_command(data), folder, patience) as server:
        began = time.perf_counter()
        with Observer(server.port, EVERYWHERE) as observer:
            meanwhile = _ask_all(observer, "while it is being indexed", _rare(random.Random(1), events), asked)
            _wait_until_fed(data, events, began + patience)
            indexing = time.perf_counter() - began
            kinds = [_ask_all(observer, title, make(random.Random(2), events), asked) for title, make in KINDS.items()]
        with Observer(server.port, QUIET) as observer:
            for title, make in OF_FEW_ROOMS.items():
                kinds.append(_ask_all(observer, title, make(random.Random(3), events), asked))
        started = server.start_seconds
        _stop(server)
    size = sum(path.stat().st_size for path in data.glob("search*.sqlite3*"))
    return Searching(
        events=events,
        start_seconds=started,
        indexing_seconds=indexing,
        bytes_per_event=size / events,
        meanwhile=meanwhile,
        kinds=kinds,
    )


def prepare(events: int) -> None:
    """Make the history before anything is measured, and read it once so that it is in the page cache."""
    history_of(events).read_bytes()


def _stop(server: Server) -> None:
    if code := server.close():
        raise BenchError(f"The server ended with exit code {code}.")


def _wait_until_fed(data: Path, events: int, deadline: float) -> None:
    """Until all is indexed that will be, and full volumes are merged."""
    while time.perf_counter() < deadline:
        time.sleep(LOOK_EVERY)
        if not (data / "search.sqlite3").exists():
            continue
        with closing(sqlite3.connect(data / "search.sqlite3")) as base:
            try:
                [(seq,)] = base.execute("SELECT seq FROM place").fetchall() or [(0,)]
                [(open_volumes,)] = base.execute("SELECT count(*) FROM volume WHERE merged < 2")
            except sqlite3.OperationalError:  # being made
                continue
        if seq > events - BEHIND and open_volumes <= 1:
            return
    raise BenchError("The search's index was not complete in time.")


def _ask_all(observer: Observer, title: str, questions: Questions, asked: int) -> Kind:
    took: list[float] = []
    hits = cut = 0
    for _ in range(asked):
        question = next(questions)
        began = time.perf_counter()
        answer = observer.ask(question)
        took.append(time.perf_counter() - began)
        if not isinstance(answer, Found):
            raise BenchError(f"A search for {question.text!r} was answered by: {answer}")
        hits += len(answer.messages)
        cut += answer.more and len(answer.messages) < question.limit
    took.sort()
    return Kind(
        title=title,
        p50=took[len(took) // 2] * 1e3,
        p99=took[len(took) * 99 // 100] * 1e3,
        worst=took[-1] * 1e3,
        hits=hits / asked,
        cut=cut,
    )


# --- the kinds of questions -----------------------------------------------------------------------------------------


def _question(text: str, **fields: object) -> Ask:
    return Ask(ref="observer", text=text, **fields)  # type: ignore[arg-type]  # the fields are those of the command


def _common(chance: random.Random) -> str:
    return chance.choice([word for word in words()[:300] if len(word) > 2])


def _many(chance: random.Random, count: int) -> str:
    return " ".join(_common(chance) for _ in range(count))


def _from_list(texts: Callable[[random.Random], str]) -> Callable[[random.Random, int], Questions]:
    def make(chance: random.Random, events: int) -> Questions:
        while True:
            yield _question(texts(chance))

    return make


def _rare(chance: random.Random, events: int) -> Questions:
    while True:
        yield _question(chance.choice(words()[-WORDS_RARE:]))


def _by_person(chance: random.Random, events: int) -> Questions:
    while True:
        yield _question(_common(chance), user=f"person-{int(2000 * chance.random() ** 3):04d}")


def _by_person_no_hit(chance: random.Random, events: int) -> Questions:
    while True:
        yield _question(_many(chance, 3), user=f"person-{int(2000 * chance.random() ** 3):04d}")


def _in_a_week(chance: random.Random, events: int) -> Questions:
    while True:
        seq = chance.randrange(events)
        yield _question(_many(chance, 2), since=time_of(seq, events), until=time_of(seq + events // 100, events))


def _in_a_room(chance: random.Random, events: int) -> Questions:
    while True:
        yield _question(_many(chance, 2), room=f"room-{chance.randrange(400):03d}")


WORDS_RARE = 20_000
_LETTERS = "abcdefghijklmnopqrstuvwxyz"

KINDS: dict[str, Callable[[random.Random, int], Questions]] = {
    "a rare word": _rare,
    "a common word": _from_list(_common),
    "two letters": _from_list(lambda chance: "".join(chance.choices(_LETTERS, k=2))),
    "one letter": _from_list(lambda chance: chance.choice(_LETTERS)),
    "two common words in a row": _from_list(lambda chance: _many(chance, 2)),
    "four common words, no hit": _from_list(lambda chance: _many(chance, 4)),
    "200 characters, no hit": _from_list(lambda chance: _many(chance, 80)[:200].strip()),
    "letters at random, no hit": _from_list(lambda chance: "".join(chance.choices(_LETTERS, k=8))),
    "one sign of Chinese": _from_list(lambda chance: chance.choice(signs())),
    "two signs of Chinese": _from_list(lambda chance: "".join(chance.choices(signs()[:100], k=2))),
    "an emoji": _from_list(lambda chance: chance.choice(EMOJI)),
    "a common word by a person": _by_person,
    "three common words by a person, no hit": _by_person_no_hit,
    "two common words in one week": _in_a_week,
    "two common words in one room": _in_a_room,
}
OF_FEW_ROOMS: dict[str, Callable[[random.Random, int], Questions]] = {
    "a common word, in 5 small rooms": KINDS["a common word"],
    "two letters, in 5 small rooms": KINDS["two letters"],
    "four common words, in 5 small rooms, no hit": KINDS["four common words, no hit"],
}
