"""The file of a model that the newsroom trained: a line that says what it is, and what was learned.

The line holds the version of the layout and the SHA-256 of the rest. Nothing behind it is read before both
are right, and nothing in it is ever run: a file that somebody else wrote, or that was cut, is refused.
"""

from __future__ import annotations

import hashlib


class UnusableModel(ValueError):
    """This is no model, a damaged one, or one of another version."""


def sealed(kind: str, version: int, content: bytes) -> bytes:
    """The file of a model of this kind (a word)."""
    return f"controluce {kind} {version} {hashlib.sha256(content).hexdigest()}\n".encode() + content


def opened(kind: str, version: int, file: bytes) -> bytes:
    """What was sealed. UnusableModel where `file` is not a whole model of this kind and version."""
    head, _, content = file.partition(b"\n")
    begins = f"controluce {kind} ".encode()
    if not head.startswith(begins):
        raise UnusableModel(f"This is no model of {kind}.")
    if head.removeprefix(begins).split(b" ")[0] != str(version).encode():
        raise UnusableModel("The model is of another version: train it again.")
    if sealed(kind, version, content) != file:
        raise UnusableModel("The model is damaged: it is not what was written.")
    return content
