"""What the site is made of, as a short sum: pages are made by it as much as by what they show."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

#: What pages are made by, under the folder of the site.
_MADE_BY = (
    "config/**/*.py",
    "newsroom/**/*.py",
    "newsroom/**/*.mo",
    "newsroom/**/*.typ",
    "requirements/*.txt",
)


class Release(NamedTuple):
    """`mark` is the same wherever the same files are; `at` is the second the newest of them was written."""

    mark: str
    at: int


@cache
def release() -> Release:
    """Of the code, the templates, the translations, the names of static files; read once in a process."""
    files = [path for pattern in _MADE_BY for path in settings.BASE_DIR.glob(pattern)]
    for folder in settings.TEMPLATES[0]["DIRS"]:
        files += Path(folder).rglob("*.*")
    files += settings.STATIC_ROOT.glob("staticfiles.json")
    digest, newest = hashlib.blake2b(digest_size=12), 0
    for path in sorted(files):
        if path.is_file():
            newest = max(newest, int(path.stat().st_mtime))
            digest.update(path.name.encode() + b"\0" + hashlib.blake2b(path.read_bytes()).digest())
    return Release(digest.hexdigest(), newest)
