"""Where a link in a message leads: to the browser, or, where it is one of Parley's own, to a place in this window."""

import webbrowser
from typing import Final
from urllib.parse import urlsplit

from chatclient.address import SCHEME, TLS, Address, parse
from chatclient.model import Model
from shared.errors import Refused
from shared.rules import counterpart, direct_people

_WEB: Final = ("http", "https", "mailto")


def follow(link: str, here: Address, model: Model) -> tuple[str, int]:
    """Hand a link of the web to the browser, and nothing else to anything: ("", 0).

    One of this server (`here`) gives the room and the message, 0 for none. `Refused` where it cannot be followed.
    """
    try:
        scheme = urlsplit(link).scheme
    except ValueError:
        return "", 0
    if scheme in _WEB:
        webbrowser.open(link)
    elif scheme in (SCHEME, TLS):
        return _inside(parse(link), here, model)
    return "", 0


def _inside(place: Address, here: Address, model: Model) -> tuple[str, int]:
    if (place.host.casefold(), place.port) != (here.host.casefold(), here.port):
        raise Refused("bad_request", f"This link leads to {place.short}. Open it from Another server.")
    room = place.room
    people = direct_people(room)
    if people and model.me not in people:
        raise Refused("no_such_room", "This link leads to a conversation of others.")
    return model.direct_with(counterpart(room, model.me)).name if people else room, place.message
