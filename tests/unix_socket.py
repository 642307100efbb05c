"""HTTP to a site that listens on a socket which is a file. It knows nothing of Django."""

from __future__ import annotations

import http.client
import socket
from pathlib import Path


class Connection(http.client.HTTPConnection):
    """To a socket that is a file."""

    def __init__(self, place: Path) -> None:
        super().__init__("localhost", timeout=30)
        self.place = place

    def connect(self) -> None:
        reaching = socket.socket(socket.AF_UNIX)
        reaching.settimeout(self.timeout)
        try:
            reaching.connect(str(self.place))
        except OSError:
            reaching.close()
            raise
        self.sock = reaching
