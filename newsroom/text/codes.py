"""Short public codes: what stands in an address in place of a database key.

A code is the top 50 bits of a UUID in Crockford's base 32 (no i, l, o, u): ten characters that can be read
aloud. It is derived, never stored: a code names a half-open range of UUIDs, and a UUID column is sorted, so a
look-up by code is an index range. A random (version 4) UUID leaves 48 of these bits free, so among a million
rows two share a code with a probability of about 0.2 %.
"""

from __future__ import annotations

from uuid import UUID

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH = 10
_SPARE_BITS = 128 - 5 * LENGTH
_SHIFTS = range(5 * (LENGTH - 1), -1, -5)


def encode(uuid: UUID) -> str:
    """The code of a UUID: `LENGTH` characters of `ALPHABET`."""
    number = uuid.int >> _SPARE_BITS
    return "".join([ALPHABET[number >> shift & 31] for shift in _SHIFTS])


def uuid_range(code: str) -> tuple[UUID, UUID] | None:
    """The first and the last UUID that have this code; None if it is no code at all."""
    if len(code) != LENGTH or any(character not in ALPHABET for character in code):
        return None
    number = 0
    for character in code:
        number = number << 5 | ALPHABET.index(character)
    first = number << _SPARE_BITS
    return UUID(int=first), UUID(int=first | (1 << _SPARE_BITS) - 1)
