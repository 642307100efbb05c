"""Places: words that a person selected, and the targets that they become."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from newsroom.actions.refusals import Outdated, Refused
from newsroom.models import Annotation, Revision, Target, User
from newsroom.text.changes import same_words
from newsroom.text.selectors import describe


@dataclass(frozen=True, slots=True)
class Place:
    """Words that were selected: code points of the current revision, and the words as the person saw them.

    `ordinal` counts the places of one role. Who tags need not count: it is done in the order given.
    """

    start: int
    end: int
    exact: str
    role: str = Target.Role.CONTENT
    ordinal: int = 0


def move_parts(
    annotation: Annotation, places: Sequence[Place], *, by: User, at: datetime, based_on: int
) -> None:
    """Of its targets in the current revision those move that `places` name by role and ordinal."""
    if not places:
        raise Refused(_("Select some words first."), code="empty")
    revision = _current(annotation, based_on)
    standing = {
        (target.role, target.ordinal): target
        for target in Target.objects.filter(annotation=annotation, revision=revision)
    }
    if any((place.role, place.ordinal) not in standing for place in places):
        raise Refused(_("This annotation has no such part."), code="role")
    moved = [standing[place.role, place.ordinal] for place in places]
    for target, place in zip(moved, places, strict=True):
        _stand(target, place, revision, by=by, at=at)
    Target.objects.bulk_update(moved, _STANDS)


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
    revision = _current(annotation, based_on)
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
    """Targets on these places, counted by role."""
    seen: Counter[str] = Counter()
    for place in places:
        target = Target(annotation=annotation, revision=revision, role=place.role, ordinal=seen[place.role])
        seen[place.role] += 1
        _stand(target, place, revision, by=by, at=at)
        yield target


def _current(annotation: Annotation, based_on: int | None) -> Revision:
    revision = annotation.article.current_revision
    if based_on is not None and revision.number != based_on:
        raise Outdated(revision)
    return revision


#: What `_stand` writes.
_STANDS = (
    "start", "end", "exact", "prefix", "suffix", "fate", "score", "needs_check", "reason", "candidates",
    "confirmed_by", "confirmed_at",
)  # fmt: skip


def _stand(target: Target, place: Place, revision: Revision, *, by: User, at: datetime) -> None:
    """A person says that the words stand there: from here on they are carried along from this place."""
    inside = 0 <= place.start < place.end <= len(revision.text)
    if not inside or revision.text[place.start : place.end] != place.exact:
        raise Refused(_("The selected words do not stand there: “%s”.") % place.exact[:80], code="words")
    selector = describe(revision.text, place.start, place.end)
    _tell_fate(target, place)
    target.start, target.end = place.start, place.end
    target.exact, target.prefix, target.suffix = selector.exact, selector.prefix, selector.suffix
    target.score, target.needs_check, target.reason, target.candidates = 1.0, False, "", []
    target.confirmed_by, target.confirmed_at = by, at


def _tell_fate(target: Target, place: Place) -> None:
    """What became of the words that it quoted until now, given where they are said to stand."""
    if target.exact and not same_words(target.exact, place.exact):
        target.fate = Target.Fate.ALTERED
    elif target.fate == Target.Fate.ORPHANED or target.start not in (None, place.start):
        target.fate = Target.Fate.MOVED
    else:
        target.fate = Target.Fate.EXACT
