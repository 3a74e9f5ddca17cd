"""The body that programs send to a webhook of Slack's: `{"text": …}` as JSON, or in a form's field `payload`. PURE.

Their texts come in Slack's own marks: `<https://…|words>` is a link, and `&`, `<` and `>` are escaped.
"""

import re
from typing import Final
from urllib.parse import parse_qs

import msgspec
from msgspec import UNSET, UnsetType

from chatserver.fronts.http.kinds import Ident, Text

FORM: Final = "application/x-www-form-urlencoded"
_LINK: Final = re.compile(r"<((?:https?|mailto):[^<>|\s]+)(?:\|([^<>\n]*))?>")
_CALL: Final = re.compile(r"<!(here|channel|everyone)(?:\|[^<>]*)?>")
_ROUND: Final = str.maketrans("[]", "()")
_QUOTED: Final = {ord(sign): f"%{ord(sign):02X}" for sign in "()[]"}
"""Brackets that would end the words or the address of a link here."""
_ESCAPES: Final = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


class Payload(msgspec.Struct):
    """What is taken of it; other fields mean nothing here. `id` is Parley's own: the same one posts once."""

    text: Text
    id: Ident | UnsetType = UNSET


def unpacked(data: bytes, content_type: str) -> bytes:
    """The JSON of a body; of a form that of its field `payload`, empty where there is none."""
    if content_type != FORM:
        return data
    try:
        fields = parse_qs(data.decode(), strict_parsing=True, max_num_fields=100, errors="strict")
    except ValueError:
        return b""
    return fields.get("payload", [""])[0].encode()


def text(marked: str) -> str:
    """The text as it is written here."""
    plain = _CALL.sub("@room", _LINK.sub(_link, marked))
    for escape, sign in _ESCAPES:
        plain = plain.replace(escape, sign)
    return plain


def _link(found: re.Match[str]) -> str:
    address, words = found[1], found[2]
    shown = address.removeprefix("mailto:")
    if not words or words == shown or not address.startswith("http"):
        return shown
    return f"[{words.translate(_ROUND)}]({address.translate(_QUOTED)})"
