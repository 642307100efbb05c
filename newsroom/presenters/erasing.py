"""What an erasure would change, kind by kind, each place with the words around it."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from newsroom.models import ConfidentialSource, Erasure, User
from newsroom.text.redaction import Wanted, found, found_as_seen

#: Characters shown on each side of the words, places shown of one value, and erasures listed.
AROUND, PLACES_OF_A_VALUE, LATEST = 48, 3, 20


@dataclass(frozen=True, slots=True)
class Place:
    before: str
    words: str
    after: str


@dataclass(frozen=True, slots=True)
class Value:
    """A value that changes: its first places, and how many more there are. Closed to some, it shows none."""

    places: tuple[Place, ...]
    more: int
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    label: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class ErasurePreview:
    kinds: tuple[Kind, ...]
    number: int


def erasure_preview(changes: Iterable[Any], wanted: Wanted, *, user: User) -> ErasurePreview:
    """`changes` have a model (None for a file that no row knows) and `shown`: what fields said, by name."""
    kinds: dict[str, list[Value]] = defaultdict(list)
    for change in changes:
        closed = change.model is ConfidentialSource and not user.has_perm("newsroom.view_confidentialsource")
        for name, text in change.shown.items():
            kinds[_label(change.model, name)].append(_value(text, wanted, closed=closed))
    return ErasurePreview(
        kinds=tuple(Kind(label, tuple(values)) for label, values in sorted(kinds.items())),
        number=sum(map(len, kinds.values())),
    )


def latest_erasures() -> list[Erasure]:
    return list(Erasure.objects.select_related("by")[:LATEST])


def _label(model: Any, name: str) -> str:
    if model is None:
        return _("stored file without a row")
    return f"{model._meta.verbose_name} · {model._meta.get_field(name).verbose_name}"


def _value(text: str, wanted: Wanted, *, closed: bool) -> Value:
    if closed:
        return Value((), 0, closed=True)
    text = unicodedata.normalize("NFC", text)
    spans = sorted({*found(text, wanted), *found_as_seen(text, wanted)})
    places = tuple(
        Place(
            ("…" if start > AROUND else "") + text[max(0, start - AROUND) : start],
            text[start:end],
            text[end : end + AROUND] + ("…" if end + AROUND < len(text) else ""),
        )
        for start, end in spans[:PLACES_OF_A_VALUE]
    )
    # A key to sort by, or the name of a file whose content has the words: shown as it is.
    return Value(places or (Place(text[: 2 * AROUND], "", ""),), max(0, len(spans) - PLACES_OF_A_VALUE))
