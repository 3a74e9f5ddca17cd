"""How a person is shown on the screens of others: display name and picture, told to everybody in the lobby.

The event bears both as they are from then on, so what the command leaves out is filled in. One person's changes wait
for one another, and one that is sent again is filled in as it was the first time: it must not trip over a later one.
"""

from typing import Final

import msgspec

from chatserver.commands.changes import Asked, Look, Rule
from chatserver.hub import Hub
from shared import protocol, rules
from shared.errors import Refused
from shared.protocol import ProfileSet


def _draft(user: str, command: protocol.SetProfile, room: str, hub: Hub) -> ProfileSet:
    if command.display is None and command.picture is None:
        raise Refused("bad_request", "Say what is to change: the display name, the picture, or both.")
    return ProfileSet(
        room=room,
        user=user,
        id=command.id,
        display=hub.rooms.display.get(user, "") if command.display is None else rules.display_name(command.display),
        picture=hub.rooms.pictures.get(user, "") if command.picture is None else _hash(command.picture),
    )


def _hash(picture: str) -> str:
    return rules.file_hash(picture) if picture else ""


def _about(user: str, command: protocol.SetProfile, room: str) -> tuple[str, str]:
    return "profile", user


async def _see(asked: Asked, command: protocol.SetProfile) -> Asked:
    draft = asked.draft
    assert isinstance(draft, ProfileSet)
    earlier = await asked.hub.history.find(asked.user, command.id)
    if isinstance(earlier, ProfileSet):
        display = earlier.display if command.display is None else draft.display
        picture = earlier.picture if command.picture is None else draft.picture
        return asked._replace(draft=msgspec.structs.replace(draft, display=display, picture=picture))
    if command.picture:
        await _check_picture(asked.hub, asked.user, command.picture)
    return asked


async def _check_picture(hub: Hub, user: str, picture: str) -> None:
    file = await hub.files.owned(user, picture)
    if file is None:
        raise Refused("no_such_file", "There is no such file of yours. Upload it first.")
    if not file.width:
        raise Refused("bad_request", f"{file.name} is no picture. Choose a PNG, JPEG, GIF or WebP.")
    if file.size > rules.PICTURE_BYTES:
        limit = rules.PICTURE_BYTES >> 20
        raise Refused(
            "too_large", f"{file.name} has {file.size / (1 << 20):.1f} MiB, the limit for a picture is {limit}."
        )


def _nobody_elses(asked: Asked) -> None:
    """Nobody goes by the name of somebody else, or by one that looks like it."""
    assert isinstance(asked.draft, ProfileSet)
    if asked.hub.accounts.person(asked.draft.display) not in (None, asked.user):
        raise Refused("name_taken", f"{asked.draft.display} is somebody's name here. Choose another display name.")


CHANGES: Final[dict[type, Rule]] = {
    protocol.SetProfile: Rule(_draft, (), look=Look(_about, _see, (_nobody_elses,))),
}
