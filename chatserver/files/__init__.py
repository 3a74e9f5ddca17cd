"""The files that people sent, beside the history: `service` is what the server holds of them.

`upload` is one on its way, `shelf` the bytes on the disk, `store` who uploaded what, `pictures` what Pillow says of
them, `sniff` what any file is.
"""

from chatserver.files.service import Files, WrongOffset
from chatserver.files.store import FilesError

__all__ = ["Files", "FilesError", "WrongOffset"]
