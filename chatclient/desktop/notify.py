"""The edge to the system's notifications: one is shown, and whoever showed it hears whether it was clicked.

Linux: `org.freedesktop.Notifications` over D-Bus, with a click. Windows: a toast through PowerShell; macOS:
`osascript`; neither tells of clicks. Elsewhere, or where the system will not, nothing is shown, and that is no error.
All of it runs on the bridge's loop, never on the Tk thread; cancelling `show` leaves no connection and no process.
"""

import asyncio
import html
import logging
import os
import subprocess
import sys
from typing import Any, Final, Protocol

from chatclient.notify import Notification

PATIENCE: Final = 600.0
"""Seconds for which a click on a notification still leads somewhere."""
_log = logging.getLogger(__name__)


class Notifier(Protocol):
    async def show(self, notification: Notification) -> bool:
        """Show it in the place of an earlier one of its room. True when it is clicked; False when it is gone, or
        was never shown."""
        ...


def notifier() -> Notifier:
    """That of this system."""
    if sys.platform == "linux":
        return DBus()
    command = _COMMANDS.get(sys.platform)
    return Program(command) if command else Quiet()


class Quiet:
    """Shows nothing."""

    async def show(self, notification: Notification) -> bool:
        return False


class Program:
    """Runs a program of the system, the words in its environment: they are never part of a command."""

    def __init__(self, command: tuple[str, ...]) -> None:
        self._command = command

    async def show(self, notification: Notification) -> bool:
        words = {"PARLEY_TITLE": notification.title, "PARLEY_BODY": notification.body}
        hidden = getattr(subprocess, "CREATE_NO_WINDOW", 0)
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command, env=os.environ | words, stdin=subprocess.DEVNULL, creationflags=hidden
            )
        except OSError as error:
            _log.info("No notification: %s", error)
            return False
        try:
            await process.wait()
        finally:
            if process.returncode is None:
                process.kill()
        return False


_TOAST: Final = """
$space = 'Windows.UI.Notifications'
[void][Windows.UI.Notifications.ToastNotificationManager, $space, ContentType = WindowsRuntime]
$manager = [Windows.UI.Notifications.ToastNotificationManager]
$toast = $manager::GetTemplateContent([Windows.UI.Notifications.ToastTemplateType]::ToastText02)
$lines = $toast.GetElementsByTagName('text')
[void]$lines.Item(0).AppendChild($toast.CreateTextNode($env:PARLEY_TITLE))
[void]$lines.Item(1).AppendChild($toast.CreateTextNode($env:PARLEY_BODY))
$shell = '{1AC14E77-02E7-4E5D-B744-2EB1AE5198B7}\\WindowsPowerShell\\v1.0\\powershell.exe'
$manager::CreateToastNotifier($shell).Show([Windows.UI.Notifications.ToastNotification]::new($toast))
"""
_SCRIPT: Final = (
    'display notification (system attribute "PARLEY_BODY") with title "Parley" '
    'subtitle (system attribute "PARLEY_TITLE")'
)
_COMMANDS: Final[dict[str, tuple[str, ...]]] = {
    "win32": ("powershell", "-NoProfile", "-NonInteractive", "-Command", _TOAST),
    "darwin": ("osascript", "-e", _SCRIPT),
}


class DBus:
    """Each notification has a connection of its own for as long as it may be clicked: some desktops take away what
    comes from a connection that is gone."""

    def __init__(self) -> None:
        self._shown: dict[str, tuple[int, object]] = {}

    async def show(self, notification: Notification) -> bool:
        from jeepney import DBusErrorResponse
        from jeepney.io.asyncio import open_dbus_router

        try:
            async with asyncio.timeout(PATIENCE), open_dbus_router() as router:
                return await self._show(router, notification)
        except TimeoutError:
            return False
        except (OSError, EOFError, KeyError, DBusErrorResponse) as error:
            # KeyError: there is no address of a bus in the environment.
            _log.info("No notification: %r", error)
            return False

    async def _show(self, router: Any, notification: Notification) -> bool:
        from jeepney import DBusAddress, MatchRule, message_bus, new_method_call
        from jeepney.io.asyncio import Proxy
        from jeepney.wrappers import unwrap_msg

        name, path = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
        service = DBusAddress(path, name, name)

        async def ask(method: str, signature: str | None = None, body: tuple[Any, ...] = ()) -> Any:
            return unwrap_msg(await router.send_and_get_reply(new_method_call(service, method, signature, body)))

        rule = MatchRule(type="signal", interface=name, path=path)
        signals: asyncio.Queue[Any] = asyncio.Queue()
        with router.filter(rule, queue=signals):
            await Proxy(message_bus, router).AddMatch(rule)
            [able] = await ask("GetCapabilities")
            body = html.escape(notification.body, quote=False) if "body-markup" in able else notification.body
            before, _ = self._shown.get(notification.room, (0, None))
            hints = {"desktop-entry": ("s", "parley"), "category": ("s", "im.received")}
            words = ("Parley", before, "", notification.title, body, ["default", "Open"], hints, -1)
            [number] = await ask("Notify", "susssasa{sv}i", words)
            mine = (number, object())
            self._shown[notification.room] = mine
            try:
                return await self._clicked(number, signals)
            finally:
                if self._shown.get(notification.room) is mine:
                    del self._shown[notification.room]

    async def _clicked(self, number: int, signals: "asyncio.Queue[Any]") -> bool:
        """Wait for the end of this notification."""
        from jeepney import HeaderFields

        while True:
            signal = await signals.get()
            member = signal.header.fields.get(HeaderFields.member)
            if signal.body and signal.body[0] == number:
                if member == "ActionInvoked":
                    return True
                if member == "NotificationClosed":
                    return False
