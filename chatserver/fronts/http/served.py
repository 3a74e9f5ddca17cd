"""What the routes stand on."""

from typing import NamedTuple

from chatserver.files import Files
from chatserver.fronts.connections import Connections
from chatserver.mailbox import Rounds
from chatserver.metrics import Metrics
from chatserver.session import Context


class Served(NamedTuple):
    """One server, as it is seen over HTTP. `rounds` and `connections` are those of the other fronts too."""

    context: Context
    files: Files
    rounds: Rounds
    connections: Connections
    metrics: Metrics
