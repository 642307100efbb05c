"""How annotations are, for the record and for whoever comes second."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from newsroom.actions import reviews
from newsroom.actions.deeds import record
from newsroom.actions.refusals import Overtaken, Refused, require
from newsroom.models import (
    Annotation,
    Appearance,
    Article,
    Attribution,
    Mention,
    Suggestion,
    Target,
    User,
)


def taken(annotation: Annotation, *, by: User, row_version: int) -> Annotation:
    """The annotation, locked with its article; `Overtaken` if somebody changed it since it was shown."""
    require(by, "change_annotation")
    article = Article.objects.for_change().get(pk=annotation.article_id)
    annotation = Annotation.objects.select_for_update().get(pk=annotation.pk)
    annotation.article = article
    if annotation.row_version != row_version or not annotation.is_live:
        raise Overtaken.on(annotation)
    return annotation


def decide(annotation: Annotation, decision: str, *, by: User, at: datetime) -> None:
    """Notes what a person decided of a suggestion; the annotation is still to be saved."""
    rejected = decision == Suggestion.Decision.REJECTED
    annotation.state = Annotation.State.REJECTED if rejected else Annotation.State.ACCEPTED
    said = {"decision": decision, "decided_by": by, "decided_at": at}
    Suggestion.objects.update_or_create(annotation=annotation, defaults=said)


def wait_again(annotation: Annotation) -> None:
    """A suggestion of which nobody has decided anything; where this program placed it, nobody confirmed."""
    Suggestion.objects.filter(annotation=annotation).update(decision="", decided_by=None, decided_at=None)
    placed_here = Target.objects.current().filter(
        annotation=annotation, annotation__suggestion__revision__isnull=False
    )
    placed_here.update(confirmed_by=None, confirmed_at=None)


def says_something(annotation: Annotation) -> bool:
    """Whether it has its claim, its names, who says it: what is suggested here gets them when accepted."""
    match annotation.kind:
        case Annotation.Kind.CLAIM:
            return Appearance.objects.filter(annotation=annotation).exists()
        case Annotation.Kind.MENTION:
            return Mention.objects.filter(annotation=annotation).exists()
        case _:
            return Attribution.objects.filter(annotation=annotation).exists()


def require_said(annotation: Annotation) -> None:
    """Refuses to change what a suggestion would say once it is accepted."""
    if annotation.state == Annotation.State.SUGGESTED and not says_something(annotation):
        raise Refused(
            _("This is a suggestion: accept it, as it is or corrected, or reject it."), code="suggested"
        )


def states(annotations: Sequence[Annotation]) -> dict[str, Any]:
    """How annotations are now, for the record: state, places and what they say, all by uuid.

    What a suggestion would say is not there yet: it has no claim, no entities, no source.
    """
    places = defaultdict(list)
    targets = Target.objects.current().placed().filter(annotation__in=annotations).order_by("role", "ordinal")
    for key, *place in targets.values_list("annotation", "role", "start", "end"):
        places[key].append(tuple(place))
    said = _said(annotations)
    found = {
        str(annotation.uuid): {"state": annotation.state, "places": places[annotation.pk]}
        | said.get(annotation.pk, _NOTHING[annotation.kind])
        for annotation in annotations
    }
    return {"revision": annotations[0].article.current_revision.number, "annotations": found}


#: Of an annotation of each kind that says nothing yet.
_NOTHING: dict[str, dict[str, Any]] = {
    "claim": {"claim": None},
    "mention": {"entities": [], "form": Mention.Form.NAME.value, "note": ""},
    "attribution": {"source": None, "claim": None, "parent": None, "anonymity_reason": "", "quote_type": ""},
}


def _said(annotations: Sequence[Annotation]) -> dict[int, dict[str, Any]]:
    """What they say, by their keys: as many queries as there are kinds."""
    said: dict[int, dict[str, Any]] = {}
    kinds = {annotation.kind for annotation in annotations}
    if Annotation.Kind.CLAIM in kinds:
        appearances = Appearance.objects.filter(annotation__in=annotations)
        for key, claim in appearances.values_list("annotation", "claim__uuid"):
            said[key] = {"claim": str(claim)}
    if Annotation.Kind.MENTION in kinds:
        mentions = Mention.objects.filter(annotation__in=annotations).order_by("pk")
        for key, entity, form, note in mentions.values_list("annotation", "entity__uuid", "form", "note"):
            of = said.setdefault(key, {"entities": [], "form": form, "note": note})
            of["entities"].append(entity and str(entity))
    if Annotation.Kind.ATTRIBUTION in kinds:
        attributions = Attribution.objects.filter(annotation__in=annotations)
        for row in attributions.select_related("source", "claim", "parent"):
            said[row.annotation_id] = {
                name: other and str(other.uuid)
                for name, other in (("source", row.source), ("claim", row.claim), ("parent", row.parent))
            } | {"anonymity_reason": row.anonymity_reason, "quote_type": row.quote_type}
    return said


#: What a deed may have changed of an annotation itself.
_CHANGES = ("state", "by", "at", "withdrawn_at", "withdrawal_reason", "changed_at", "row_version")


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
    Annotation.objects.bulk_update(annotations, _CHANGES)
    article = annotations[0].article
    if before:
        reviews.follow_words(article, by=by, at=at)
        after = states(annotations) | after
    record(verb, by=by, at=at, article=article, objects=annotations, before=before, after=after)
    return annotations[0]
