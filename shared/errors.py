"""Error codes, and the exceptions that carry them.

A `Refused` is the peer's fault and travels to it as an `error` line; a `RecordError` says that a line of the
history is not what it should be; a `ProtocolError` that the other end does not speak the protocol. Each message
is one clear sentence: what was wrong, what the limit is, what to do.
"""

from typing import Literal, get_args

Code = Literal[
    "bad_request",
    "too_large",
    "not_signed_in",
    "already_signed_in",
    "unsupported_protocol",
    "bad_name",
    "name_taken",
    "bad_credentials",
    "id_reused",
    "invite_needed",
    "no_such_room",
    "no_such_user",
    "no_such_message",
    "no_such_file",
    "no_such_hook",
    "not_member",
    "not_allowed",
    "room_exists",
    "rate_limited",
    "storage_full",
    "shutting_down",
]

CODES: frozenset[str] = frozenset(get_args(Code))


class ParleyError(Exception):
    """Root of what this product raises on purpose."""


class Refused(ParleyError):
    """The peer asked for something it cannot have. Answered on the wire, never logged as our fault."""

    def __init__(self, code: Code, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.code: Code = code
        self.message = message
        self.retry_after = retry_after


class ProtocolError(ParleyError):
    """The other end sent something that is not the protocol."""


class RecordError(ParleyError):
    """A line of the history cannot be read; the message says why, without the line's number."""
