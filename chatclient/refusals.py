"""How a refused sign-in is told: beside which field, and in which words."""

import re
from typing import Final, Literal

from chatclient.events import Rejected
from shared.rules import PROTOCOL

Place = Literal["user", "server", "password"]

_PLACES: Final[dict[str, Place]] = {
    "name_taken": "user",
    "bad_name": "user",
    "not_allowed": "user",
    "bad_credentials": "password",
    "rate_limited": "password",
}


def refusal(event: Rejected, user: str, label: str, *, invited: bool, password: bool) -> tuple[Place, str]:
    """The field and the sentence, which is empty where the server only asks for a password.

    `label` is what the server is called; `invited`, `password`: an invitation, a password was shown to it.
    """
    theirs = _theirs(event.message)
    sentences = {
        "name_taken": f"{user} belongs to somebody on {label}. If that is you, sign in on your first device and set a "
        "password.",
        "invite_needed": "" if invited else f"{label} needs an invitation. Paste the link that you were given.",
        "unsupported_protocol": f"{label} speaks {theirs}, this Parley speaks {PROTOCOL}. Update Parley.",
    }
    if event.code == "bad_credentials":
        wrong = f"That password does not open {user} on {label}. Try again, or choose another name."
        return "password", wrong if password else ""
    return place_of(event.code), sentences.get(event.code) or event.message


def place_of(code: str) -> Place:
    """Under which field it is told."""
    return _PLACES.get(code, "server")


def _theirs(message: str) -> str:
    """The protocol that the server names, which is the last number that it says."""
    numbers = re.findall(r"\d+", message)
    return f"protocol {numbers[-1]}" if numbers else "another protocol"
