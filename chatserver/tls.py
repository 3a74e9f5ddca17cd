"""The certificate with which the door speaks TLS."""

import ssl
from pathlib import Path

from shared.errors import ParleyError


class TlsError(ParleyError):
    """The certificate cannot be used; the sentence says why."""


def context(certificate: str, key: str = "") -> ssl.SSLContext:
    """What the server shows of itself: a PEM file with its certificate and those that lead to its root, and one with
    its key, which may be the same. TLS 1.2 and later. `TlsError` where they cannot be used."""
    key = key or certificate
    for what, file in (("certificate", certificate), ("key", key)):
        try:
            with Path(file).open("rb"):
                pass
        except OSError as error:
            raise TlsError(f"The {what} in {file} cannot be read: {error.strerror}.") from None
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.set_alpn_protocols(["http/1.1"])
    try:
        made.load_cert_chain(certificate, key, password=_nobody_to_ask)
    except (ssl.SSLError, ValueError) as error:
        raise TlsError(f"The certificate in {certificate} and the key in {key} do not work: {error}.") from None
    return made


def _nobody_to_ask() -> str:
    raise ValueError("the key is locked with a password")
