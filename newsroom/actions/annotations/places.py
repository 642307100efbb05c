"""Places: words that a person selected, and the targets that they become."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from newsroom.actions.refusals import Outdated, Refused
from newsroom.models import Annotation, Revision, Target, User
from newsroom.text.selectors import describe


@dataclass(frozen=True, slots=True)
class Place:
    """Words that were selected: code points of the current revision, and the words as the person saw them."""

    start: int
    end: int
    exact: str
    role: str = Target.Role.CONTENT


def put(
    annotation: Annotation,
    places: Sequence[Place],
    *,
    by: User,
    at: datetime,
    based_on: int | None,
    all_roles: bool = False,
) -> None:
    """New targets in the current revision for the roles of these places, or for all; none, and they stay."""
    if not places:
        return
    revision = annotation.article.current_revision
    if based_on is not None and revision.number != based_on:
        raise Outdated(revision)
    targets = list(targets_of(annotation, revision, places, by=by, at=at))
    standing = Target.objects.filter(annotation=annotation, revision=revision)
    if not all_roles:
        standing = standing.filter(role__in={place.role for place in places})
    standing.delete()
    Target.objects.bulk_create(targets)


def trimmed(text: str, spans: Iterable[tuple[int, int]]) -> list[Place]:
    """The words of these spans without blanks at their edges; nothing for what holds no word."""
    places = []
    for start, end in spans:
        words = text[start:end] if start < end else ""
        if words.strip():
            start += len(words) - len(words.lstrip())
            places.append(Place(start, start + len(words.strip()), words.strip()))
    return places


def without_overlaps(places: Iterable[Place]) -> list[Place]:
    """Places in order, those that overlap in one role made one."""
    kept: list[Place] = []
    for place in places:
        last = next((other for other in reversed(kept) if other.role == place.role), None)
        if last is not None and place.start < last.end:
            if place.end > last.end:
                words = last.exact + place.exact[last.end - place.start :]
                kept[kept.index(last)] = Place(last.start, place.end, words, last.role)
        else:
            kept.append(place)
    return kept


def targets_of(
    annotation: Annotation, revision: Revision, places: Sequence[Place], *, by: User, at: datetime
) -> Iterable[Target]:
    seen: dict[str, int] = {}
    for place in places:
        inside = 0 <= place.start < place.end <= len(revision.text)
        if not inside or revision.text[place.start : place.end] != place.exact:
            raise Refused(_("The selected words do not stand there: “%s”.") % place.exact[:80], code="words")
        selector = describe(revision.text, place.start, place.end)
        ordinal = seen.get(place.role, 0)
        seen[place.role] = ordinal + 1
        yield Target(
            annotation=annotation,
            revision=revision,
            role=place.role,
            ordinal=ordinal,
            start=place.start,
            end=place.end,
            exact=selector.exact,
            prefix=selector.prefix,
            suffix=selector.suffix,
            confirmed_by=by,
            confirmed_at=at,
        )
