"""How annotations are, for the record and for whoever comes second."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from newsroom.actions import reviews
from newsroom.actions.deeds import record
from newsroom.actions.refusals import Overtaken, require
from newsroom.models import Annotation, Target, User


def taken(annotation: Annotation, *, by: User, row_version: int) -> Annotation:
    """The annotation, locked; `Overtaken` if somebody else changed it since it was shown."""
    require(by, "change_annotation")
    annotation = (
        Annotation.objects.select_for_update(of=("self",))
        .select_related("article__current_revision", "changed_by")
        .get(pk=annotation.pk)
    )
    gone = annotation.state in (Annotation.State.WITHDRAWN, Annotation.State.REJECTED)
    if gone or annotation.row_version != row_version:
        raise Overtaken(annotation)
    return annotation


def states(annotations: Sequence[Annotation]) -> dict[str, Any]:
    """How annotations are now, for the record: state, places and what they say, all by uuid."""
    found = {}
    for annotation in annotations:
        places = Target.objects.current().placed().filter(annotation=annotation)
        state: dict[str, Any] = {
            "state": annotation.state,
            "places": list(places.order_by("role", "ordinal").values_list("role", "start", "end")),
        }
        match annotation.kind:
            case Annotation.Kind.CLAIM:
                state["claim"] = str(annotation.appearance.claim.uuid)
            case Annotation.Kind.MENTION:
                mentions = list(annotation.mentions.select_related("entity").order_by("pk"))
                state["entities"] = [mention.entity and str(mention.entity.uuid) for mention in mentions]
                state |= {"form": mentions[0].form, "note": mentions[0].note} if mentions else {}
            case Annotation.Kind.ATTRIBUTION:
                said = annotation.attribution
                state |= {
                    name: row and str(row.uuid)
                    for name, row in (("source", said.source), ("claim", said.claim), ("parent", said.parent))
                }
                state |= {"anonymity_reason": said.anonymity_reason, "quote_type": said.quote_type}
        found[str(annotation.uuid)] = state
    return {"revision": annotations[0].article.current_revision.number, "annotations": found}


def left(
    verb: str,
    annotations: Sequence[Annotation],
    *,
    before: dict[str, Any],
    by: User,
    at: datetime,
    **after: Any,
) -> Annotation:
    """Saves what was changed, marks ratings whose words went, writes it down; answers with the first one."""
    for annotation in annotations:
        annotation.row_version += 1
        annotation.changed_by, annotation.changed_at = by, at
        annotation.save()
    article = annotations[0].article
    if before:
        reviews.follow_words(article, by=by, at=at)
        after = states(annotations) | after
    record(verb, by=by, at=at, article=article, objects=annotations, before=before, after=after)
    return annotations[0]
