"""Suggestions whose words are not the ones any more that they were read out of."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, Q

from newsroom.models import Annotation, Revision, Suggestion, Target


def retire(revision: Revision, *, at: datetime) -> int:
    """After annotations were carried into a revision: how many suggestions ended there, by nobody's decision.

    A tag whose words changed waits for a person. A suggestion does not: the new text is read anew. Only what
    was brought from elsewhere, and nobody would propose again, waits like a tag.
    """
    Fate = Target.Fate
    changed = Q(fate__in=[Fate.ALTERED, Fate.ORPHANED]) | Q(needs_check=True)
    ended = Annotation.objects.filter(
        state=Annotation.State.SUGGESTED,
        suggestion__revision__isnull=False,
        pk__in=Target.objects.filter(changed, revision=revision).values("annotation"),
    )
    keys = list(ended.values_list("pk", flat=True))
    Suggestion.objects.filter(annotation__in=keys).update(
        decision=Suggestion.Decision.OUTDATED, decided_at=at
    )
    return Annotation.objects.filter(pk__in=keys).update(
        state=Annotation.State.REJECTED, changed_at=at, row_version=F("row_version") + 1
    )
