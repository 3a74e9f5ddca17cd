"""Notifications of the system for what came while the window was not in front; a click brings it there."""

import logging
from collections.abc import Callable, Sequence

from chatclient.bridge import Bridge
from chatclient.desktop.notify import Notifier
from chatclient.events import ClientEvent
from chatclient.model import Model
from chatclient.notify import Preferences, notifications
from chatclient.questions import Offline

_log = logging.getLogger(__name__)


class Alerts:
    """`preferences` gives those of the moment; `follow` shows a room, the window in front, after a click."""

    def __init__(
        self,
        model: Model,
        bridge: Bridge,
        notifier: Notifier,
        preferences: Callable[[], Preferences],
        follow: Callable[[str], object],
    ) -> None:
        self._model = model
        self._bridge = bridge
        self._notifier = notifier
        self._preferences = preferences
        self._follow = follow

    def heard(self, events: Sequence[ClientEvent]) -> None:
        """Tell of these, which the model has taken in already."""
        for notification in notifications(events, self._model, self._preferences()):
            room = notification.room

            def done(clicked: bool | BaseException, room: str = room) -> None:
                if isinstance(clicked, Offline):
                    return  # another server, or the end
                if isinstance(clicked, BaseException):
                    _log.warning("A notification could not be shown: %r", clicked)
                elif clicked:
                    self._follow(room)

            self._bridge.call(lambda _client, told=notification: self._notifier.show(told), done)  # type: ignore[misc] # mypy infers no type for a lambda with defaults
