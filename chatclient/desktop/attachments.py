"""Files for a message: chosen, pasted or dropped, sent up while it is still being written, taken out, tried again.

Each goes up from the moment when it is added. The client says how far it is by the id of its upload; where a message
went meanwhile, what it says is about a file of no draft, and is left alone.
"""

import tkinter as tk
from collections.abc import Callable, Sequence
from functools import singledispatchmethod
from pathlib import Path
from tkinter import filedialog

from PIL import Image

from chatclient.desktop.attached import Attached, State, unfinished
from chatclient.desktop.clipboard import Clipboard, Picture
from chatclient.desktop.composer import Composer
from chatclient.desktop.deeds import Deeds
from chatclient.events import ClientEvent, Connected, Disconnected, Uploaded, UploadFailed, Uploading
from chatclient.model import Model
from chatclient.sizes import size
from shared.rules import FILES

Ask = Callable[[tk.Misc], Sequence[str]]


def ask_for_files(parent: tk.Misc) -> Sequence[str]:
    """The system's own dialog; nothing where it was cancelled."""
    return filedialog.askopenfilenames(parent=parent, title="Attach files") or ()


class Attachments:
    """`composer` is asked for each time: it is made after this. `ask` opens the dialog for files."""

    def __init__(
        self,
        root: tk.Misc,
        model: Model,
        deeds: Deeds,
        composer: Callable[[], Composer],
        ask: Ask = ask_for_files,
    ) -> None:
        self._root = root
        self._model = model
        self._deeds = deeds
        self._composer = composer
        self._clipboard = Clipboard(root)
        self._most = 0
        self.ask = ask

    # --- adding ---------------------------------------------------------------------------------------------

    def choose(self) -> None:
        """Ask for files of this computer."""
        self.add(tuple(map(Path, self.ask(self._root))))
        self._composer().focus_in()

    def paste(self) -> bool:
        """Add what lies on the clipboard; False where it is text or nothing."""
        found = self._clipboard.look()
        if isinstance(found, Picture):
            self._deeds.beside(found.read, lambda content: self._pasted(found.name, content))
        elif found:
            self.add(found)
        return bool(found)

    def _pasted(self, name: str, content: bytes | None) -> None:
        if content is None:
            self._complain("The picture could not be taken from the clipboard. Save it, and attach the file.")
        else:
            self._add([(name, content)])

    def add(self, paths: Sequence[Path]) -> None:
        """Add these files to the draft that is being written."""
        self._add([(path.name, path) for path in paths])

    def _add(self, items: Sequence[tuple[str, Path | bytes]]) -> None:
        composer = self._composer()
        if not items or composer.closed:
            return
        if composer.draft.editing:
            self._complain("Files go with a new message, not with an edit.")
            return
        for name, source in items:
            why = self._refusal(name, source)
            if why:
                self._complain(why)
                break
            self._begin(name, source)

    def _refusal(self, name: str, source: Path | bytes) -> str:
        """Why this cannot be added, one sentence; "" where it can."""
        if len(self._composer().draft.files) >= FILES:
            return f"A message takes {FILES} files at most."
        if isinstance(source, Path):
            if source.is_dir():
                return f"{name} is a folder. Choose the files in it."
            if source.exists() and not source.is_file():  # to open a pipe would wait for whoever writes into it
                return f"{name} is no file that can be sent."
            try:
                source.open("rb").close()
            except OSError as error:
                return f"{name} cannot be read: {error.strerror}."
        count = _count(source)
        if self._most and count > self._most:
            return f"{size(count)} is too large, the limit here is {size(self._most)}."
        return ""

    def _begin(self, name: str, source: Path | bytes) -> None:
        file = Attached(name, _count(source), state=self._begins)
        composer = self._composer()
        composer.draft.files.append(file)
        composer.complain("")
        composer.files_changed()
        path, content = (source, None) if isinstance(source, Path) else (None, source)
        self._deeds.attach(path, content, name, lambda upload: self._taken(file, upload), self._failing(file))
        self._deeds.small(source, lambda picture: self._seen(file, picture))

    @property
    def _begins(self) -> State:
        """How an upload begins: without a connection it waits for one."""
        return "going" if self._model.link.state == "online" else "waiting"

    def _taken(self, file: Attached, upload: str) -> None:
        file.upload = upload
        if file.dropped:
            self._deeds.drop_upload(upload)

    def _failing(self, file: Attached) -> Callable[[str], object]:
        def failed(why: str) -> None:
            self._fail(file, why)

        return failed

    def _seen(self, file: Attached, picture: Image.Image | None) -> None:
        file.picture = picture
        self._composer().files_changed()

    # --- a tile's own ---------------------------------------------------------------------------------------

    def drop(self, file: Attached) -> None:
        """Take it out again."""
        file.dropped = True
        if file.upload:
            self._deeds.drop_upload(file.upload)
        for draft in self._composer().drafts.every():
            if file in draft.files:
                draft.files.remove(file)
        self._composer().complain("")
        self._composer().files_changed()

    def retry(self, file: Attached) -> None:
        """Send it up once more."""
        if file.state == "failed" and file.upload:
            file.state, file.reason = self._begins, ""
            self._deeds.retry_upload(file.upload)
            self._composer().complain("")
            self._composer().files_changed()

    def hindrance(self, files: Sequence[Attached]) -> str:
        """Why a message with these cannot be sent now. Without a connection it waits for them, wherever they are."""
        files = list(files)
        if self._model.link.state != "online" and all(file.upload and file.state != "failed" for file in files):
            return ""
        return unfinished(files)

    # --- what the client says -------------------------------------------------------------------------------

    @singledispatchmethod
    def heard(self, event: ClientEvent) -> None:
        """An event that may be about a file."""

    @heard.register
    def _(self, event: Connected) -> None:
        self._most = event.welcome.limits.get("file_bytes", 0)
        self._composer().files_changed()

    @heard.register
    def _(self, event: Disconnected) -> None:
        for draft in self._composer().drafts.every():
            for file in draft.files:
                if file.state == "going":
                    file.state = "waiting"
        self._composer().files_changed()

    @heard.register
    def _(self, event: Uploading) -> None:
        file = self._of(event.upload)
        if file is not None:
            before = file.state
            file.sent, file.total, file.state = event.sent, event.total, self._begins
            if file.state != before:
                self._composer().files_changed()
            else:
                self._composer().progressed()

    @heard.register
    def _(self, event: Uploaded) -> None:
        file = self._of(event.upload)
        if file is not None:
            composer = self._composer()
            said = composer.complaint == composer.hindered
            file.sent, file.total, file.state = event.file.size, event.file.size, "there"
            composer.files_changed()
            if said:
                composer.complain(composer.hindered)

    @heard.register
    def _(self, event: UploadFailed) -> None:
        file = self._of(event.upload)
        if file is not None:
            self._fail(file, event.message)

    def _fail(self, file: Attached, why: str) -> None:
        file.state, file.reason = "failed", why
        self._composer().files_changed()
        self._complain(f"{file.name} did not arrive. {why}")

    def _of(self, upload: str) -> Attached | None:
        files = (file for draft in self._composer().drafts.every() for file in draft.files)
        return next((file for file in files if file.upload == upload), None)

    def _complain(self, sentence: str) -> None:
        self._composer().complain(sentence)


def _count(source: Path | bytes) -> int:
    return source.stat().st_size if isinstance(source, Path) else len(source)
