"""How a refused sign-in is told: beside which field, and in which words."""

from typing import Final, Literal

from chatclient.events import Rejected

Place = Literal["user", "server"]

_AT_NAME: Final = frozenset({"name_taken", "bad_name", "bad_credentials", "not_allowed"})


def refusal(event: Rejected, user: str, label: str, *, invited: bool) -> tuple[Place, str]:
    """The field and the sentence. `label` is what the server is called, `invited`: an invitation was shown to it."""
    sentences = {
        "name_taken": f"{user} belongs to somebody on {label}. If that is you, sign in on your first device and set a "
        "password.",
        "invite_needed": "" if invited else f"{label} needs an invitation. Paste the link that you were given.",
        "unsupported_protocol": f"{label} speaks another protocol than this Parley. {event.message} Update Parley.",
    }
    return "user" if event.code in _AT_NAME else "server", sentences.get(event.code) or event.message
