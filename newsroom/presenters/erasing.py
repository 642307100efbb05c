"""What an erasure would change, kind by kind, with the words around each place; what it leaves to people."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Container, Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from newsroom.models import ConfidentialSource, Erasure, Import, Original, Picture, StoredCopy, User
from newsroom.text.redaction import Wanted, found, found_as_seen

#: Names of columns and models of which nobody made one for people, or which are of libraries.
COLUMNS = {
    "slug": gettext_lazy("words of the address"),
    "sort_key": gettext_lazy("as it is sorted"),
    "history_change_reason": gettext_lazy("why it was changed"),
}
TASKS = "django_tasks_database"
#: Characters shown on each side of the words, places shown of one value, and erasures listed.
AROUND, PLACES_OF_A_VALUE, LATEST = 48, 3, 20
#: Files of one kind that are listed, of more only the number; places up to which all of them stand open.
FILES, FEW_PLACES = 50, 40


@dataclass(frozen=True, slots=True)
class Place:
    before: str
    words: str
    after: str


@dataclass(frozen=True, slots=True)
class Value:
    """A value that changes: its first places, and how many more there are."""

    places: tuple[Place, ...]
    more: int
    #: A file that cannot be rewritten.
    goes_as_a_whole: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    label: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class UnseenFile:
    name: str
    url: str
    sha256: str
    is_marked: bool


@dataclass(frozen=True, slots=True)
class UnseenFiles:
    """Files that somebody has to look at, the latest first."""

    label: str
    number: int
    files: tuple[UnseenFile, ...]

    @property
    def more(self) -> int:
        return self.number - len(self.files)


@dataclass(frozen=True, slots=True)
class ErasurePreview:
    kinds: tuple[Kind, ...]
    number: int
    #: What would have to change and cannot: while there is any, nothing is erased.
    held: tuple[Kind, ...]
    unseen: tuple[UnseenFiles, ...]
    unseen_number: int

    @property
    def is_short(self) -> bool:
        return self.number < FEW_PLACES


def erasure_preview(
    foreseen: Any, wanted: Wanted, *, user: User, marked: Container[str] = ()
) -> ErasurePreview:
    """`foreseen` has `changes`, those that are `held`, and `unseen` files (actions/erasure/redacting.py).

    `marked` are the hashes of files that the person has marked to go with the words.
    """
    kinds = _kinds(foreseen.changes, wanted, user)
    return ErasurePreview(
        kinds=kinds,
        number=sum(len(kind.values) for kind in kinds),
        held=_kinds(foreseen.held, wanted, user),
        unseen=tuple(_unseen(foreseen.unseen, marked)),
        unseen_number=len(foreseen.unseen),
    )


def _kinds(changes: Iterable[Any], wanted: Wanted, user: User) -> tuple[Kind, ...]:
    """A change has a `model` (None for a file that no row knows) and `shown`: what fields said, by name.

    That the words stand in who a confidential source is, is told to nobody who may not read it: else a name
    that is looked for here says that it is one. It is erased all the same.
    """
    kinds: dict[str, list[Value]] = defaultdict(list)
    for change in changes:
        if change.model is ConfidentialSource and not user.has_perm("newsroom.view_confidentialsource"):
            continue
        for name, text in change.shown.items():
            value = _value(text, wanted, whole=change.as_a_whole)
            kinds[_label(change.model, name)].append(value)
    return tuple(Kind(label, tuple(values)) for label, values in sorted(kinds.items()))


def _unseen(files: Iterable[Any], marked: Container[str]) -> Iterable[UnseenFiles]:
    """Each kind with its latest files, in one query for a kind; what is marked is among them."""
    for model, some in groupby(files, key=lambda file: file.model):
        all_of_them = list(some)
        latest = [
            file
            for number, file in enumerate(reversed(all_of_them))
            if number < FILES or file.sha256 in marked
        ]
        if model is None:
            shown = tuple(UnseenFile(f.name, "", f.sha256, f.sha256 in marked) for f in latest)
            yield UnseenFiles(_("files without a row"), len(all_of_them), shown)
            continue
        rows = model._base_manager.in_bulk([file.pk for file in latest])
        shown = tuple(
            UnseenFile(str(rows[f.pk]), _address(rows[f.pk]), f.sha256, f.sha256 in marked) for f in latest
        )
        yield UnseenFiles(str(model._meta.verbose_name_plural), len(all_of_them), shown)


def _address(row: models.Model) -> str:
    """Where the file is had."""
    match row:
        case Picture():
            return row.get_absolute_url()
        case StoredCopy():
            return reverse("desk:copy-file", args=[row.code])
        case Import():
            return reverse("desk:import-file", args=[row.code])
        case Original():
            return reverse("desk:original-file", args=[row.code])
    return ""


def latest_erasures() -> list[Erasure]:
    return list(Erasure.objects.select_related("by")[:LATEST])


def _label(model: Any, name: str) -> str:
    if model is None:
        return _("stored file without a row")
    if model._meta.app_label == TASKS:
        return _("work that waited or was done")
    row = str(model._meta.verbose_name)
    if hasattr(model, "instance_type"):
        row = _("%s, as it was") % model.instance_type._meta.verbose_name
    return f"{row} · {COLUMNS.get(name) or model._meta.get_field(name).verbose_name}"


def _value(text: str, wanted: Wanted, *, whole: bool) -> Value:
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
    places = places or (Place(text[: 2 * AROUND], "", ""),)
    return Value(places, max(0, len(spans) - PLACES_OF_A_VALUE), goes_as_a_whole=whole)
