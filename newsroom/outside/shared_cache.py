"""Pages that are kept, where several processes may keep them together.

What comes out of a cache was put there by somebody who can reach it, and need not be ours. So nothing of
Redis is unpickled: an entry is bytes behind a signature, and one that is not signed by this site is as good
as none. The table of the database is trusted as the database is. A cache that does not answer is not waited
for, and not asked again for some seconds: a page can always be made.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.cache import caches

log = logging.getLogger("newsroom.cache")

#: Seconds for which an entry is kept. Its name holds the version: an old one is never asked for again.
KEPT = 24 * 60 * 60
#: Bytes of what is kept at most; and seconds that a cache which failed is left alone.
LARGEST, PAUSE = 4 * 1024 * 1024, 10.0

_SIGNATURE = 32
_paused_until = 0.0

Entry = tuple[dict[str, Any], bytes]


class SignedBytes:
    """How Redis is written and read (its `serializer`). ValueError of what is not signed by this site."""

    def dumps(self, value: bytes) -> bytes:
        return _signature(value) + value

    def loads(self, data: bytes) -> bytes:
        signature, value = data[:_SIGNATURE], data[_SIGNATURE:]
        if not hmac.compare_digest(signature, _signature(value)):
            raise ValueError("An entry is not signed by this site.")
        return value


def _signature(value: bytes) -> bytes:
    key = hashlib.sha256(b"pages that are kept\0" + settings.SECRET_KEY.encode()).digest()
    return hashlib.blake2b(value, digest_size=_SIGNATURE, key=key).digest()


def kept(name: str) -> Entry | None:
    """What is kept under this name; None if nothing is, or nothing that can be read."""
    if monotonic() < _paused_until:
        return None
    try:
        found = caches["pages"].get(name)
        if found is None:
            return None
        about, _, body = found.partition(b"\n")
        said, is_named = json.loads(about)
        if is_named != name:
            raise ValueError("An entry stands under the name of another.")
        return said, body
    except Exception as error:
        _leave_alone(error)
        return None


def keep(name: str, about: dict[str, Any], body: bytes) -> None:
    """Keeps data and bytes under a name; if that fails it is logged, and nothing else."""
    if len(body) > LARGEST or monotonic() < _paused_until:
        return
    try:
        caches["pages"].set(name, json.dumps([about, name]).encode() + b"\n" + body, KEPT)
    except Exception as error:
        _leave_alone(error)


def _leave_alone(error: Exception) -> None:
    """A thing that is damaged is one entry; anything else is the cache, which is given some time."""
    global _paused_until
    if not isinstance(error, ValueError):
        _paused_until = monotonic() + PAUSE
    log.warning("The cache of pages failed (%s): pages are made anew.", type(error).__name__)
