"""TLS: whom this device trusts, and the sentence for whom it does not.

The system's certificates count, or those of the file that SSL_CERT_FILE names.
"""

import ssl


def context() -> ssl.SSLContext:
    """How to speak TLS to a server whose certificate this device trusts."""
    return ssl.create_default_context()


def untrusted(host: str, error: Exception) -> str:
    """One sentence on a certificate that is not trusted."""
    why = getattr(error, "verify_message", "") or str(error)
    return (
        f"This computer does not trust the certificate of {host} ({why.rstrip('.')}). "
        "Ask who runs the server, or name its authority's file in SSL_CERT_FILE."
    )
