"""How a person is called on the screens of others: the display name, told to everybody in the lobby."""

from typing import Final

from chatserver.commands.changes import Asked, Rule, drafted
from shared import protocol, rules
from shared.errors import Refused


def _nobody_elses(asked: Asked) -> None:
    """Nobody goes by the name of somebody else, or by one that looks like it."""
    assert isinstance(asked.draft, protocol.ProfileSet)
    if asked.hub.accounts.person(asked.draft.display) not in (None, asked.user):
        raise Refused("name_taken", f"{asked.draft.display} is somebody's name here. Choose another display name.")


CHANGES: Final[dict[type, Rule]] = {
    protocol.SetProfile: Rule(drafted(protocol.ProfileSet, display=rules.display_name), (_nobody_elses,), alters=False),
}
