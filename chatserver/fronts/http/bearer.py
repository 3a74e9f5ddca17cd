"""Who asks over HTTP: the person whose device's token comes as `Authorization: Bearer …`, and never in an address."""

from aiohttp import web

from chatserver.accounts import Device
from chatserver.hub import Hub
from shared import rules
from shared.errors import Refused


def device(hub: Hub, request: web.Request) -> Device:
    """The device that asks; `not_signed_in` without a token, `bad_credentials` with one that opens nothing."""
    said = request.headers.getall("Authorization", [])
    scheme, _, token = said[0].strip().partition(" ") if len(said) == 1 else ("", "", "")
    token = token.strip()
    if scheme.lower() != "bearer" or not token:
        raise Refused("not_signed_in", "Send your device's token: Authorization: Bearer TOKEN.")
    try:
        found = hub.accounts.bearer(token) if len(token) <= rules.TOKEN else None
    except UnicodeEncodeError:  # bytes that are no UTF-8
        found = None
    if found is None or hub.accounts.is_removed(found.name):
        raise Refused("bad_credentials", "This token opens nothing here. Sign in again.")
    return found


def still(hub: Hub, device: Device) -> None:
    """`bad_credentials` where the device was signed out since."""
    if not hub.accounts.has_device(device.name, device.session):
        raise Refused("bad_credentials", "This device was signed out. Sign in again.")
