"""Messages of the reader's that are not stored yet, in the order in which they were written. Pure.

Each stays until its echo comes, or until what came after it shows that it is stored; `became` then says as what.
"""

from collections.abc import Iterator

from chatclient import days
from chatclient.entries import Unstored
from shared.protocol import AnyEvent, File


class OnTheWay:
    """By id; each method says whether something changed."""

    def __init__(self) -> None:
        self._posts: dict[str, Unstored] = {}
        self._became: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._posts)

    def __iter__(self) -> Iterator[Unstored]:
        return iter(self._posts.values())

    def __getitem__(self, i: int) -> Unstored:
        return list(self._posts.values())[i]

    def index(self, ident: str) -> int | None:
        return list(self._posts).index(ident) if ident in self._posts else None

    def became(self, ident: str) -> int:
        """The seq of one that is stored now, 0 for none."""
        return self._became.get(ident, 0)

    def queued(self, ident: str, text: str, time: str, reply_to: int, files: tuple[File, ...]) -> None:
        self._posts[ident] = Unstored(ident, text, days.seconds(time), reply_to, files)

    def uploaded(self, upload: str, file: File) -> bool:
        """A file of theirs is up."""
        found = False
        for post in self._posts.values():
            if any(each.file == f"~{upload}" for each in post.files):
                post.files = tuple(file if each.file == f"~{upload}" else each for each in post.files)
                found = True
        return found

    def delivered(self, ident: str, seq: int, newest: int) -> bool:
        """The server's ok: sent. It keeps its place until the echo, a page or a newer event settles where that is."""
        post = self._posts.get(ident)
        if post is None:
            return False
        post.seq, post.reason = seq, None
        if seq <= newest:
            self._forget(ident, seq)
        return True

    def failed(self, ident: str, reason: str) -> bool:
        """Refused. It stays, with the reason, until it is discarded."""
        post = self._posts.get(ident)
        if post is None:
            return False
        post.reason = reason
        return True

    def discarded(self, ident: str) -> bool:
        """Given up, or sent again under another id."""
        return self._posts.pop(ident, None) is not None

    def settle(self, event: AnyEvent, me: str, through: int) -> bool:
        """Forget what this event is the echo of, and what was delivered at or before `through`."""
        if not self._posts:
            return False
        gone = [post.id for post in self._posts.values() if 0 < post.seq <= through]
        if event.author == me and event.id in self._posts and event.id not in gone:
            gone.append(event.id)
        for ident in gone:
            self._forget(ident, self._posts[ident].seq or event.seq)
        return bool(gone)

    def forget_became(self) -> None:
        """What is stored is not held any more."""
        self._became.clear()

    def _forget(self, ident: str, seq: int) -> None:
        del self._posts[ident]
        self._became[ident] = seq
