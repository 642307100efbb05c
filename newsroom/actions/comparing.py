"""What copies say of quoted words: it follows whenever either of them changes."""

from __future__ import annotations

from collections.abc import Iterable

from newsroom.models import Evidence
from newsroom.text.standing import standing


def compare_with_copies(items: Iterable[Evidence]) -> None:
    """Writes down whether quoted words stand in the newest copy whose words are known."""
    for item in items:
        said = ""
        if item.quotation.strip() and (copy := item.document.copies.readable().first()):
            said = standing(item.quotation, *copy.texts)
        if said != item.in_copy:
            item.in_copy = said
            Evidence.objects.filter(pk=item.pk).update(in_copy=said)
