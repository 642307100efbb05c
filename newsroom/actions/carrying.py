"""Annotations carried from one revision to the next, inside the deed that makes it.

Each span is re-anchored from the last revision in which a person confirmed it, with the quotation that was
confirmed, so that small errors do not add up. Spans are grouped by that revision and the texts of a group are
aligned once. Queries do not grow with the number of annotations.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterator
from typing import NamedTuple

from django.db.models import Q

from newsroom.models import Annotation, Article, FlagTarget, Revision, Target
from newsroom.models.annotation import TargetQuerySet
from newsroom.models.flag import FlagQuerySet
from newsroom.text.changes import same_words
from newsroom.text.reanchoring import Fate, State, reanchor
from newsroom.text.selectors import describe

#: So many pairs of texts are aligned at most; spans confirmed longer ago start from where they stand now.
MOST_ALIGNMENTS = 8

#: Of a target that never had a place, or had its last one too long ago: there is nothing to start from.
_NOWHERE = Fate(State.ORPHANED, None, None, 0.0, reason="gone")

#: Annotation, role and ordinal: what stays the same of a target from one revision to the next.
_Key = tuple[int, str, int]


class _Anchor(NamedTuple):
    """A target as it stood in a revision, and whose place it was."""

    annotation: int
    role: str
    ordinal: int
    revision: int
    start: int | None
    end: int | None
    exact: str
    prefix: str
    suffix: str

    @property
    def key(self) -> _Key:
        return self.annotation, self.role, self.ordinal


def carry(article: Article, before: Revision, after: Revision) -> set[int]:
    """Writes the targets of every live annotation in `after`.

    Answers with the keys of the annotations whose words are not those that stood in `before`.
    """
    targets = Target.objects.live().filter(annotation__article=article)
    current, carried = _follow(targets, before, after.text)
    for target in carried:
        target.revision = after
    Target.objects.bulk_create(carried)
    return {
        target.annotation_id
        for target in carried
        if _words_differ(current[target.annotation_id, target.role, target.ordinal], target)
    }


def carry_flags(flags: FlagQuerySet, before: Revision, after: Revision) -> None:
    """Writes where the words of each of these flags stand in `after`, or that they are gone.

    The reader said once where they stand: each is followed from there, the first of its targets, with the
    words that it had then.
    """
    targets = FlagTarget.objects.filter(flag__in=flags)
    current: dict[_Key, _Anchor] = {}
    origins: dict[_Key, _Anchor] = {}
    for row in targets.order_by("revision__number", "pk").values_list(*_OF_A_FLAG):
        anchor = _Anchor(row[0], "", 0, *row[1:])
        origins.setdefault(anchor.key, anchor)
        if anchor.revision == before.pk:
            current[anchor.key] = anchor
    if not origins:
        return
    carried = []
    for anchor, fate in _fates(origins, origins | current, before, after.text):
        target = FlagTarget(
            flag_id=anchor.annotation,
            revision=after,
            exact=anchor.exact,
            prefix=anchor.prefix,
            suffix=anchor.suffix,
            fate=str(fate.state),
            score=fate.score,
        )
        if fate.start is not None and fate.end is not None:
            selector = describe(after.text, fate.start, fate.end)
            target.start, target.end = fate.start, fate.end
            target.exact, target.prefix, target.suffix = selector.exact, selector.prefix, selector.suffix
        carried.append(target)
    FlagTarget.objects.bulk_create(carried)


#: An anchor, without the role and the ordinal that a flag's words have not.
_OF_A_FLAG = ("flag", "revision", "start", "end", "exact", "prefix", "suffix")


def foresee(article: Article, before: Revision, text: str) -> list[Target]:
    """The targets that every live annotation would have in a text, of no revision and not saved.

    Suggestions are left out that would end there: the text will be read anew.
    """
    targets = Target.objects.live().filter(annotation__article=article)
    read_here = Q(
        annotation__state=Annotation.State.SUGGESTED, annotation__suggestion__revision__isnull=False
    )
    return _follow(targets.exclude(read_here), before, text)[1]


def _follow(targets: TargetQuerySet, before: Revision, text: str) -> tuple[dict[_Key, _Anchor], list[Target]]:
    """How each of these targets stands in `before`, and what would become of it in a text."""
    current = _anchors(targets.filter(revision=before))
    origins = current | _anchors(targets.placed().filter(confirmed_at__isnull=False), of=current)
    if lost := {key for key, anchor in origins.items() if anchor.start is None}:
        # Nobody ever confirmed a place of theirs: they start from the last one that they had.
        once_placed = targets.placed().filter(annotation__in={annotation for annotation, *_role in lost})
        origins |= _anchors(once_placed, of=lost)
    followed = [_target(anchor, text, fate) for anchor, fate in _fates(origins, current, before, text)]
    return current, followed


def _fates(
    origins: dict[_Key, _Anchor], current: dict[_Key, _Anchor], before: Revision, text: str
) -> Iterator[tuple[_Anchor, Fate]]:
    """What becomes of each of these in a text; `current` is where it stands in `before`."""
    groups: dict[int, list[_Anchor]] = defaultdict(list)
    for origin in origins.values():
        groups[origin.revision].append(origin)
    _keep_few(groups, current, before)

    texts = dict(Revision.objects.filter(pk__in=groups).values_list("pk", "text"))
    for revision, anchors in groups.items():
        placed = [anchor for anchor in anchors if anchor.start is not None]
        spans = [(anchor.start or 0, anchor.end or 0) for anchor in placed]
        yield from zip(placed, reanchor(texts[revision], text, spans), strict=True)
        yield from ((anchor, _NOWHERE) for anchor in anchors if anchor.start is None)


def _words_differ(was: _Anchor, now: Target) -> bool:
    if was.start is None or now.start is None:
        return (was.start is None) != (now.start is None)
    return not same_words(was.exact, now.exact)


def _anchors(targets: TargetQuerySet, *, of: Container[_Key] | None = None) -> dict[_Key, _Anchor]:
    """Of each target, or each one `of` these, how it stood in the latest of the revisions."""
    ordered = targets.order_by("revision__number", "pk").values_list(*_Anchor._fields)
    latest = {anchor.key: anchor for anchor in map(_Anchor._make, ordered)}
    return latest if of is None else {key: anchor for key, anchor in latest.items() if key in of}


def _keep_few(groups: dict[int, list[_Anchor]], current: dict[_Key, _Anchor], before: Revision) -> None:
    """Merges the oldest groups into that of the latest revision, from where their spans stand now."""
    while len(groups) > MOST_ALIGNMENTS:
        oldest = min(revision for revision in groups if revision != before.pk)
        for anchor in groups.pop(oldest):
            groups[before.pk].append(current[anchor.key])


def _target(anchor: _Anchor, text: str, fate: Fate) -> Target:
    target = Target(
        annotation_id=anchor.annotation,
        role=anchor.role,
        ordinal=anchor.ordinal,
        exact=anchor.exact,
        prefix=anchor.prefix,
        suffix=anchor.suffix,
        fate=str(fate.state),
        score=fate.score,
        needs_check=fate.needs_check,
        reason=fate.reason,
        candidates=[[place.start, place.end, place.score] for place in fate.candidates],
    )
    if fate.start is not None and fate.end is not None:
        selector = describe(text, fate.start, fate.end)
        target.start, target.end = fate.start, fate.end
        target.exact, target.prefix, target.suffix = selector.exact, selector.prefix, selector.suffix
    return target
