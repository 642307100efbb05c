"""Counts that all processes of this machine share: how often somebody asked within a minute.

One file of a fixed size in VAR_DIR, a table of slots in buckets. It needs no service, no row of the database
is written for what only reads, and a transaction that waits holds nobody up. Neither an address nor a name
stands in it: a slot is found by a keyed hash. Where a bucket is full, whoever asked least makes room.

Each count takes the lock of its bucket, of threads and of processes, for four calls of the system: some
microseconds. A file that cannot be written counts nothing, and says so in the log once.
"""

from __future__ import annotations

import fcntl
import logging
import os
from hashlib import blake2b
from pathlib import Path
from struct import Struct
from threading import Lock

log = logging.getLogger(__name__)

#: What a slot holds: who (8 bytes of a hash), the window, the count.
_SLOT = Struct("<8sII")
_SLOTS, _BUCKETS = 8, 8192
_BUCKET = _SLOT.size * _SLOTS
_EMPTY = (b"\0" * 8, 0, 0)


class Counters:
    """`add("search 192.0.2.1", window=29_000_000)` is how often that was added in this window by now."""

    def __init__(self, path: Path, *, key: str) -> None:
        self.path, self.key = path, blake2b(key.encode()).digest()
        self.lock = Lock()
        self.file: int | None = None
        self.broken = False

    def add(self, who: str, *, window: int) -> int:
        """Counts one more. 0 where nothing can be counted."""
        digest = blake2b(who.encode(errors="replace"), digest_size=16, key=self.key).digest()
        bucket = int.from_bytes(digest[8:]) % _BUCKETS
        with self.lock:
            try:
                return self._add(digest[:8], bucket * _BUCKET, window % 2**32)
            except OSError as error:
                if not self.broken:
                    log.warning("Nothing is counted, so nobody is told to wait: %s", error)
                self.broken = True
                return 0

    def _add(self, tag: bytes, offset: int, window: int) -> int:
        file = self._open()
        fcntl.lockf(file, fcntl.LOCK_EX, _BUCKET, offset)
        try:
            read = os.pread(file, _BUCKET, offset).ljust(_BUCKET, b"\0")
            slots = list(_SLOT.iter_unpack(read))
            mine = next((number for number, slot in enumerate(slots) if slot[0] == tag), None)
            if mine is None:
                # What is of another minute counts for nothing any more.
                mine = min(range(_SLOTS), key=lambda number: slots[number][2] * (slots[number][1] == window))
                slots[mine] = _EMPTY
            count = min(slots[mine][2] + 1, 2**32 - 1) if slots[mine][1] == window else 1
            os.pwrite(file, _SLOT.pack(tag, window, count), offset + mine * _SLOT.size)
            return count
        finally:
            fcntl.lockf(file, fcntl.LOCK_UN, _BUCKET, offset)

    def _open(self) -> int:
        if self.file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        return self.file

    def forget(self) -> None:
        """Counts from nothing again."""
        with self.lock:
            os.truncate(self._open(), 0)
