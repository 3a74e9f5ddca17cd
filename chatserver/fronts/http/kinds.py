"""Kinds of values as the document of the API tells them. PURE.

What holds is `shared.rules`, which says in a sentence what was wrong; here is what a program can be told beforehand.
"""

from typing import Annotated, Any, Final

from msgspec import Meta

from shared import rules

SEEN: Final = r"[^\s\x1c-\x1f\x85]"
"""Something that is no white space."""
COMPARED: Final = r"[^\s\x00-\x1f\x7f\x85\ufe0e\ufe0f]"
"""Something that a search compares."""


def told(**schema: Any) -> Meta:
    """For the document alone."""
    return Meta(extra_json_schema=schema)


Seq = Annotated[int, Meta(ge=0, le=2**53)]
Text = Annotated[str, told(minLength=1, maxLength=rules.TEXT, pattern=SEEN)]
Sought = Annotated[str, told(minLength=1, maxLength=rules.SEARCH, pattern=COMPARED)]
Ident = Annotated[str, told(pattern=r"^[A-Za-z0-9._:-]{1,64}$")]
Hashes = Annotated[
    tuple[Annotated[str, told(pattern=r"^[0-9a-f]{64}$")], ...], told(maxItems=rules.FILES, uniqueItems=True)
]
Time = Annotated[str, told(format="date-time")]
Place = Annotated[str, told(minLength=1)]
Size = Annotated[int, Meta(ge=0, le=10**15)]
FileName = Annotated[str, told(minLength=1, maxLength=rules.FILE_NAME)]
Title = Annotated[str, told(minLength=1, maxLength=rules.DISPLAY, pattern=SEEN)]
