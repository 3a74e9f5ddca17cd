"""The form that sets a password: the old one where there is one, the new one twice, and a button."""

import tkinter as tk
from collections.abc import Callable
from typing import Final

from chatclient.desktop.controls import RING, Button
from chatclient.desktop.field import Field
from chatclient.desktop.look import Look
from chatclient.desktop.paint import Painted
from shared.errors import Refused
from shared.rules import PASSWORD, password

_PAD: Final = 17  # the line among them
_SIDE_BY_SIDE: Final = 480
_WHY: Final = "With a password you can sign in on a new device. Without one, only here."


class PasswordForm(Painted):
    """`set_password(new, old)`; then call `stands` or `failed`. What was typed goes nowhere else."""

    def __init__(
        self, master: tk.Misc, look: Look, has_one: bool, set_password: Callable[[str, str | None], object]
    ) -> None:
        super().__init__(master, look, ground="conv", height=200)
        self._has_one = has_one
        self._set = set_password
        self._said = ""
        hint = f"At least {PASSWORD[0]} characters. A short sentence is good."
        self.old = self._field("Password until now", "")
        self.new = self._field("New password", hint)
        self.again = self._field("Once more", "")
        self.button = Button(self, look, "Set password", self.submit, ground="card", kind="primary")
        self.button.enable(False)

    def _field(self, label: str, hint: str) -> Field:
        made = Field(
            self,
            self.look,
            label,
            ground="card",
            hint=hint,
            secret=True,
            on_change=self._changed,
            on_enter=self.submit,
        )
        made.bind("<Configure>", lambda _event: self.after_idle(self._arrange), add="+")
        return made

    def submit(self) -> None:
        if not self.button.enabled:
            return
        new, old = self.new.text, self.old.text if self._has_one else None
        try:
            password(new)
        except Refused as refused:
            self.new.fail(refused.message)
            return
        if self.again.text != new:
            self.again.fail("This is not the same.")
            return
        self.button.enable(False)
        self._set(new, old)

    def stands(self) -> None:
        """It is set."""
        self._has_one = True
        for field in (self.old, self.new, self.again):
            field.set("")
        self._said = "Your password is set."
        self.repaint()

    def failed(self, why: str) -> None:
        """It was refused."""
        (self.old if self._has_one else self.new).fail(why)
        self._enable()

    def _changed(self) -> None:
        if self._said:
            self._said = ""
            self.repaint()
        self._enable()

    def _enable(self) -> None:
        self.button.enable(bool(self.new.text and self.again.text and (self.old.text or not self._has_one)))

    # --- drawing --------------------------------------------------------------------------------------------

    def paint(self) -> None:
        self.pen.box(0, 0, self.wide, self.high, 12, "card", "conv", "border")
        inside = self.wide - 2 * _PAD
        self._top = self.pen.block(_PAD, _PAD, _WHY, "body", "muted", inside, 20, "card") + 16
        self._arrange()
        if self._said:
            middle = self.high - _PAD - 18
            self.pen.icon("check", _PAD + 8, middle, 16, "muted", "card")
            self.pen.line(_PAD + 22, middle, self._said, "small", "muted", "card")

    def _arrange(self) -> None:
        """The fields at the width that there is; as high as they say."""
        if not self.wide:
            return
        inside = self.wide - 2 * _PAD
        beside = inside >= _SIDE_BY_SIDE
        width = (inside - 16) // 2 if beside else inside
        y = self._top
        if self._has_one:
            y = self._place(self.old, _PAD, y, width) + 16
        else:
            self.old.place_forget()
        bottom = self._place(self.new, _PAD, y, width)
        if beside:
            bottom = max(bottom, self._place(self.again, _PAD + width + 16, y, width))
        else:
            bottom = self._place(self.again, _PAD, bottom + 16, width)
        bottom += 8
        self.button.place(x=self.wide - _PAD - self.button.winfo_reqwidth() + RING, y=bottom - RING)
        high = bottom + 36 + _PAD
        if int(self.cget("height")) != high:
            self.configure(height=high)

    def _place(self, field: Field, x: int, y: int, width: int) -> int:
        height = int(field.cget("height"))
        field.place(x=x, y=y, width=width, height=height)
        return y + height
