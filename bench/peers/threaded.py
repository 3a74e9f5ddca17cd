"""A plain broadcast server: what people write first. `python -m bench.peers.threaded FILE`.

One thread per client, newline lines in, `name|text` lines out to everybody, the sender included: under one lock each
line is appended to a file (flushed, never synced) and given to every receiver with a `sendall` of its own. The first
line that a client sends is its name.
"""

import socket
import sys
import threading
from contextlib import suppress
from typing import TextIO


class Broadcast:
    """Everybody's sockets and the file, behind one lock."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._clients: list[socket.socket] = []

    def serve(self, client: socket.socket) -> None:
        """One client's thread: from its name to its end."""
        with client, suppress(OSError), client.makefile(encoding="utf-8", newline="\n") as lines:
            name = lines.readline().strip()
            with self._lock:
                self._clients.append(client)
            self.say("Server", f"{name} has joined")
            try:
                for line in lines:
                    self.say(name, line.rstrip("\n"))
            finally:
                with self._lock:
                    self._clients.remove(client)

    def say(self, name: str, text: str) -> None:
        """One line to the file and to everybody."""
        line = f"{name}|{text}\n"
        data = line.encode()
        with self._lock:
            self._file.write(line)
            self._file.flush()
            for client in self._clients:
                with suppress(OSError):  # its own thread notices and takes it out
                    client.sendall(data)


def main() -> None:
    """Listen on a free port of loopback until the process is ended."""
    with open(sys.argv[1], "a", encoding="utf-8", newline="\n") as file:  # noqa: PTH123  as it is written first
        broadcast = Broadcast(file)
        listening = socket.create_server(("127.0.0.1", 0), backlog=1024)
        print(f"The threaded server is listening on 127.0.0.1:{listening.getsockname()[1]}", flush=True)
        while True:
            client, _ = listening.accept()
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=broadcast.serve, args=(client,), daemon=True).start()


if __name__ == "__main__":
    main()
