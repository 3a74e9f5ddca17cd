"""Another name of `tests.nursery`, for as long as tests/scripts/forked.py asks for it here."""

from tests.nursery import ForkedServer as ForkedServer
from tests.nursery import Nursery as Nursery
