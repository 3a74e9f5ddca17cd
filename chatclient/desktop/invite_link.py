"""The dialog with an invitation: its link, the link as a code, how long it works and for how many.

An invitation's terms cannot be changed on the server, so that choosing others makes another one. The one before it is
turned off where nobody can have it: made here, neither copied nor used. Who opens the dialog finds the invitation that
they made last for this room, while it works.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Final, Protocol

from chatclient import days
from chatclient.desktop.controls import RING, Button
from chatclient.desktop.dialogs import Dialog
from chatclient.desktop.invite_parts import LinkLine, Said
from chatclient.desktop.look import Look
from chatclient.desktop.panel import Panel
from chatclient.desktop.popover import Overlay
from chatclient.desktop.segments import Segments
from chatclient.desktop.smallline import SmallLine
from shared.protocol import InvitationInfo

DAYS: Final = ((1, "1 day"), (7, "7 days"), (30, "30 days"), (0, "Never"))
USES: Final = ((1, "Once"), (5, "5 times"), (25, "25 times"), (0, "No limit"))
_INVITE: Final = "Whoever has it can choose a name and join, until it runs out."


class Asking(Protocol):
    """How the dialog reaches the server; each answer comes later, on the Tk thread, or one sentence instead."""

    def invitations(self, done: Callable[[list[InvitationInfo]], object], failed: Callable[[str], object]) -> None: ...
    def make_invitation(
        self,
        room: str,
        uses: int,
        days: int,
        done: Callable[[InvitationInfo], object],
        failed: Callable[[str], object],
    ) -> None: ...
    def revoke(self, code: str, done: Callable[[], object], failed: Callable[[str], object]) -> None: ...


@dataclass(frozen=True)
class Clock:
    """The reader's time: `now` seconds since 1970, in the zone `tz`."""

    now: Callable[[], float]
    tz: tzinfo

    def today(self) -> datetime:
        return datetime.fromtimestamp(self.now(), self.tz)

    def local(self, time: str) -> datetime:
        """A time of the wire."""
        return datetime.fromisoformat(time).astimezone(self.tz)


class InviteLink(Dialog):
    """`room` is empty for an invitation to the server alone; `place` is what the title calls it."""

    top = 88

    def __init__(self, overlay: Overlay, look: Look, room: str, place: str, asking: Asking, clock: Clock) -> None:
        super().__init__(overlay, look, f"Invite people to {place}", width=480)
        self._room = room
        self._asking = asking
        self._clock = clock
        self._made_here = False
        self._copied = False
        self._looking = False
        self._tries = 0
        self.invitation: InvitationInfo | None = None
        self.said = Said(self.inner, look)
        self.link = LinkLine(self.inner, look, self._copy)
        self.days = Segments(self.inner, look, [word for _, word in DAYS], lambda _index: self.make(), ground="popover")
        self.uses = Segments(self.inner, look, [word for _, word in USES], lambda _index: self.make(), ground="popover")
        self.until = SmallLine(self.inner, look, ground="popover")
        self.days.show(1)
        self.uses.show(1)
        self.add(self.said, 0)
        self.add(self.link, 20)
        for label, segments, above in (("Runs out after", self.days, 16), ("Can be used", self.uses, 16 - RING)):
            line = SmallLine(self.inner, look, label, ground="popover", font="small_bold", token="text")
            self.add(line, above)
            segments.pack(fill="x", pady=(6 - RING, 0))
        self.add(self.until, 6 - RING)
        buttons = Panel(self.inner, "popover")
        buttons.pack(fill="x", pady=(20 - RING, 0))
        self.off = Button(buttons, look, "Turn off this link", self.turn_off, ground="popover", kind="danger")
        self.again = Button(buttons, look, "Make a new one", self.make, ground="popover")
        self.off.pack(side="left")
        self.again.pack(side="right")
        self._wait("Asking the server…")

    def begin(self) -> None:
        """Look for the invitation that there is; to be called once the dialog stands."""
        self._asking.invitations(self._found, self._refused)

    def look_again(self) -> None:
        """Show who came by it since."""
        if self.invitation is None or self._looking:
            return
        self._looking = True
        code = self.invitation.code

        def came(invitations: list[InvitationInfo]) -> None:
            self._looking = False
            now = next((info for info in invitations if info.code == code), None)
            if now is not None and self._standing() and self.invitation is not None and self.invitation.code == code:
                self.show(now)

        def failed(_why: str) -> None:
            self._looking = False  # what is shown stays as it was

        self._asking.invitations(came, failed)

    def first_focus(self) -> None:
        self.focus_set()  # nothing is chosen beforehand; Tab comes to the link

    # --- what the person does -------------------------------------------------------------------------------

    def make(self) -> None:
        """Another invitation on the terms that are chosen."""
        before = self.invitation if self._disposable() else None
        self._tries += 1
        this = self._tries
        self._wait("Making a link…")

        def made(info: InvitationInfo) -> None:
            if this != self._tries:
                self._drop(info)  # other terms were chosen meanwhile
            elif self._standing():
                self._made_here, self._copied = True, False
                self.show(info)
                if before is not None:
                    self._drop(before)

        def refused(why: str) -> None:
            if this == self._tries:
                self._refused(why)

        days_, uses = DAYS[self.days.chosen or 0][0], USES[self.uses.chosen or 0][0]
        self._asking.make_invitation(self._room, uses, days_, made, refused)

    def turn_off(self) -> None:
        """Let the link open nothing any more."""
        if self.invitation is None:
            return
        self.off.enable(False)

        def done() -> None:
            if self._standing():
                self.invitation = None
                self._wait("This link is turned off. It lets nobody in any more.")
                self.again.enable(True)

        self._asking.revoke(self.invitation.code, done, self._refused)

    def _copy(self) -> None:
        if self.invitation is not None:
            self._copied = True
            self.clipboard_clear()
            self.clipboard_append(self.invitation.link)

    def _disposable(self) -> bool:
        return self.invitation is not None and self._made_here and not self._copied and not self.invitation.used_by

    def _drop(self, info: InvitationInfo) -> None:
        """Turn off one that nobody was given. Where that fails it runs out by itself."""
        self._asking.revoke(info.code, lambda: None, lambda _why: None)

    # --- what the server says -------------------------------------------------------------------------------

    def _found(self, invitations: list[InvitationInfo]) -> None:
        if not self._standing():
            return
        now = self._clock.today()
        usable = [info for info in invitations if info.room == self._room and self._works(info, now)]
        if usable:
            self.days.show(self._days_of(usable[-1], now))
            self.uses.show(next((i for i, (uses, _) in enumerate(USES) if uses == usable[-1].uses), None))
            self.show(usable[-1])
        else:
            self.make()

    def _works(self, info: InvitationInfo, now: datetime) -> bool:
        in_time = not info.expires or self._clock.local(info.expires) > now
        return in_time and (not info.uses or len(info.used_by) < info.uses)

    def _days_of(self, info: InvitationInfo, now: datetime) -> int:
        """The shortest term that what is left of it fits into."""
        if not info.expires:
            return len(DAYS) - 1
        left = self._clock.local(info.expires) - now
        return next((i for i, (term, _) in enumerate(DAYS) if term and left <= timedelta(days=term)), len(DAYS) - 2)

    def _refused(self, why: str) -> None:
        if self._standing():
            self._wait(why)
            self.again.enable(True)
            self.off.enable(self.invitation is not None)

    def _standing(self) -> bool:
        return self.overlay.current is self

    # --- what it shows --------------------------------------------------------------------------------------

    def show(self, info: InvitationInfo) -> None:
        self.invitation = info
        self.said.show(info.link, _INVITE, used(info))
        self.link.show(info.link)
        self.until.say(self._until(info))
        self.off.enable(True)
        self.again.enable(True)

    def _wait(self, sentence: str) -> None:
        """No link now, and why."""
        self.said.show("", sentence, "")
        self.link.show("")
        self.until.say("")
        self.off.enable(False)
        self.again.enable(False)

    def _until(self, info: InvitationInfo) -> str:
        if not info.expires:
            return "This link works until you turn it off."
        end = self._clock.local(info.expires)
        year = "" if end.year == self._clock.today().year else f" {end.year}"
        day = f"{days.DAYS[end.weekday()]}, {end.day} {days.MONTHS[end.month - 1]}{year}"
        return f"This link works until {day}, {days.clock(end)}."


def used(info: InvitationInfo) -> str:
    """`Used by 2 of 5: frank, grace`."""
    if not info.used_by:
        return "Nobody used it yet"
    of = f" of {info.uses:,}" if info.uses else ""
    return f"Used by {len(info.used_by):,}{of}: {', '.join(info.used_by)}"
