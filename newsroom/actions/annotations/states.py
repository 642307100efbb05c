"""How annotations are, for the record and for whoever comes second."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from newsroom.actions import reviews
from newsroom.actions.deeds import record
from newsroom.actions.refusals import Overtaken, require
from newsroom.models import Annotation, Article, Claim, Mention, Target, User


def taken(annotation: Annotation, *, by: User, row_version: int) -> Annotation:
    """The annotation, locked with its article; `Overtaken` if somebody changed it since it was shown."""
    require(by, "change_annotation")
    article = Article.objects.for_change().get(pk=annotation.article_id)
    annotation = Annotation.objects.select_for_update().get(pk=annotation.pk)
    annotation.article = article
    if annotation.row_version != row_version or not annotation.is_live:
        raise Overtaken.on(annotation)
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
                claim = Claim.objects.filter(appearances__annotation=annotation).first()
                state["claim"] = claim and str(claim.uuid)
            case Annotation.Kind.MENTION:
                mentions = list(annotation.mentions.select_related("entity").order_by("pk"))
                state["entities"] = [mention.entity and str(mention.entity.uuid) for mention in mentions]
                first = mentions[0] if mentions else Mention()
                state |= {"form": first.form, "note": first.note}
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
        annotation.changed_at = at
        annotation.save()
    article = annotations[0].article
    if before:
        reviews.follow_words(article, by=by, at=at)
        after = states(annotations) | after
    record(verb, by=by, at=at, article=article, objects=annotations, before=before, after=after)
    return annotations[0]
