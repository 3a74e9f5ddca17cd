"""The fastest thing to listen to: `python -m bench.peers.blaster CONNECTIONS SECONDS LINE_BYTES`.

Waits for so many connections, then writes a prepared mebibyte of lines round them, over and over, until the time is
up. It does nothing else, so what the load generator takes from it is the generator's own ceiling on this machine.
"""

import socket
import sys
import time

PIECE = 1 << 20


def main() -> None:
    """Blast, then close all connections."""
    connections, seconds, size = int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
    line = b"x" * (size - 1) + b"\n"
    piece = line * (PIECE // size)
    listening = socket.create_server(("127.0.0.1", 0), backlog=1024)
    print(f"The blaster is listening on 127.0.0.1:{listening.getsockname()[1]}", flush=True)
    clients = [listening.accept()[0] for _ in range(connections)]
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        for client in clients:
            client.sendall(piece)
    for client in clients:
        client.close()


if __name__ == "__main__":
    main()
