"""Rows and files that are written together or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction


@contextmanager
def whole() -> Iterator[list[str]]:
    """One transaction for rows and files. The names of files that are written go into the list that it gives:
    if anything fails, they are deleted again.
    """
    written: list[str] = []
    try:
        with transaction.atomic():
            yield written
    except BaseException:
        for name in written:
            default_storage.delete(name)
        raise


def keep(row: Any, body: bytes, written: list[str]) -> None:
    """The bytes as the row's file, with their hash and size. The row is not saved."""
    row.sha256, row.size = hashlib.sha256(body).hexdigest(), len(body)
    row.file.save("", ContentFile(body), save=False)
    written.append(row.file.name)
