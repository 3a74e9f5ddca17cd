"""A certificate for 127.0.0.1 by an authority that the tests alone trust."""

import ssl
from pathlib import Path
from typing import NamedTuple

import trustme


class Certificate(NamedTuple):
    """The server's two files, and what a client that trusts them connects with."""

    cert: Path
    key: Path
    client: ssl.SSLContext

    @property
    def flags(self) -> tuple[str, ...]:
        return ("--tls-cert", str(self.cert), "--tls-key", str(self.key))


def certificate(folder: Path) -> Certificate:
    """Made anew in this folder."""
    authority = trustme.CA()
    issued = authority.issue_cert("127.0.0.1", "localhost")
    cert, key = folder / "cert.pem", folder / "key.pem"
    issued.private_key_pem.write_to_path(key)
    for blob in issued.cert_chain_pems:
        blob.write_to_path(cert, append=True)
    client = ssl.create_default_context()
    authority.configure_trust(client)
    return Certificate(cert, key, client)
