"""Codes, and when an invitation is good: the rules, without a server."""

import pytest

from chatserver.accounts import Invitation, invitations
from shared.errors import Refused


def test_codes() -> None:
    picked = iter("7Q2MK4XD")
    code = invitations.new_code(lambda alphabet: next(picked))
    assert code == "7Q2M-K4XD"
    for typed in ("7q2mk4xd", " 7Q2M K4XD ", "7-q-2-m-k-4-x-d", "7Q2M–K4XD"):
        assert invitations.written(typed) == code
    for other in ("7Q2M-K4X0", "7Q2M-K4X", "Owner_Code-1", ""):
        assert invitations.written(other) == other
    assert not set(invitations.ALPHABET) & set("0O1IL5S8BUZ")


def test_when_an_invitation_is_good() -> None:
    now, later = "2026-11-20T09:40:00.000000Z", invitations.expiry("2026-11-20T09:40:00.000000Z", 7)
    assert later == "2026-11-27T09:40:00.000000Z" and invitations.expiry(now, 0) == ""
    assert invitations.day(later, now) == "27 November"
    found = Invitation("7Q2M-K4XD", uses=2, expires=later, used_by=["alice"])
    invitations.check(found, "bob", now)
    found.used_by.append("bob")
    with pytest.raises(Refused, match="used up"):
        invitations.check(found, "carol", now)
    invitations.check(found, "alice", "2027-01-01T00:00:00.000000Z")
    found.uses = 0
    invitations.check(found, "carol", now)
    with pytest.raises(Refused, match=r"ran out on 27 November\. Ask"):
        invitations.check(found, "carol", later)
    with pytest.raises(Refused, match="is for erin"):
        invitations.check(Invitation("7Q2M-K4XD", name="erin"), "carol", now)
    invitations.check(Invitation("7Q2M-K4XD", name="Erin"), "erin", now)
