"""What the machine says: room on its disks, and until when the site's certificate holds."""

from __future__ import annotations

import shutil
import socket
import ssl
from datetime import UTC, datetime
from pathlib import Path

#: Seconds that a site may take to show its certificate.
PATIENCE = 5


def room(folder: Path) -> tuple[int, int]:
    """Bytes that are free where this folder is or will be, and all that there are."""
    while not folder.exists():
        folder = folder.parent
    usage = shutil.disk_usage(folder)
    return usage.free, usage.total


def certificate_ends(host: str, port: int = 443, *, authorities: str | None = None) -> datetime:
    """When the certificate of this host ends. OSError: it was not reached, or nobody vouches for it."""
    context = ssl.create_default_context(cafile=authorities)
    with (
        socket.create_connection((host, port), timeout=PATIENCE) as reached,
        context.wrap_socket(reached, server_hostname=host) as secured,
    ):
        shown = secured.getpeercert() or {}
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(shown["notAfter"])), UTC)
