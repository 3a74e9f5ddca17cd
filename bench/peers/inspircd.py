"""InspIRCd, an IRC server in C++, as a peer: `python -m bench.peers.inspircd FOLDER`.

It is set up to be as quick as it can: no look-ups of names, no limits of rate, generous queues, nothing kept. With
`echo-message` a speaker gets its own messages back, as everybody does elsewhere. This process becomes the server, so
that its time and memory are the server's; a child beside it says when the port is open, and ends.
"""

import os
import shutil
import socket
import sys
import time
from pathlib import Path

PATIENCE = 20.0
SETTINGS = """
<server name="bench.example" description="bench" network="bench" id="0AA">
<admin name="bench" nick="bench" email="bench@example.org">
<bind address="127.0.0.1" port="{port}" type="clients">
<module name="cap"><module name="ircv3_echomessage">
<connect allow="*" timeout="60" hardsendq="1G" softsendq="1G" recvq="64M" threshold="1000000000"
 commandrate="1000000000" fakelag="off" localmax="100000" globalmax="100000" resolvehostnames="no" useident="no">
<performance netbuffersize="65534" somaxconn="1024" softlimit="100000" clonesonconnect="no">
<log method="file" type="* -USERINPUT -USEROUTPUT" level="default" target="{folder}/inspircd.log">
<pid file="{folder}/inspircd.pid">
"""


def main() -> None:
    """Become the server."""
    program = shutil.which("inspircd") or shutil.which("inspircd", path="/usr/sbin:/usr/local/sbin")
    if program is None:
        sys.exit("inspircd is not installed")
    folder = Path(sys.argv[1])
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    settings = folder / "inspircd.conf"
    settings.write_text(SETTINGS.format(port=port, folder=folder))
    if os.fork() == 0:
        _tell(port)
        os._exit(0)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    flags = [f"--config={settings}", "--nofork", *(["--runasroot"] if os.geteuid() == 0 else [])]
    os.execv(program, [program, *flags])


def _tell(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            time.sleep(0.02)
        else:
            print(f"InspIRCd is listening on 127.0.0.1:{port}", flush=True)
            return


if __name__ == "__main__":
    main()
