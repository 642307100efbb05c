"""The last change of tags, taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from newsroom.actions.entities.locking import standing
from newsroom.actions.refusals import Refused, require
from newsroom.models import (
    Annotation,
    Appearance,
    Article,
    Attribution,
    Claim,
    Deed,
    Entity,
    Mention,
    Review,
    Source,
    User,
)

from .places import Place, put
from .states import left, states, wait_again

#: What can be taken back.
UNDOABLE = (
    "claim.tag", "mention.tag", "attribution.tag", "annotation.move", "annotation.retag", "annotation.split",
    "annotation.merge", "annotation.withdraw", "suggestion.accept", "suggestion.reject",
    "suggestion.replace",
)  # fmt: skip


@transaction.atomic
def undo(article: Article, *, by: User, at: datetime) -> Deed:
    """Takes back the last change of tags that this person made in this article, if nobody touched it since.

    Answers with its own record. Done again, it goes one further.
    """
    require(by, "change_annotation")
    article = Article.objects.for_change().get(pk=article.pk)
    done = Deed.objects.filter(article=article, actor=by, verb__in=UNDOABLE)
    undone = Deed.objects.filter(article=article, actor=by, verb="annotation.undo")
    taken_back = [deed.after["deed"] for deed in undone]
    deed = done.exclude(uuid__in=taken_back).first()
    if deed is None:
        raise Refused(_("There is nothing of yours to take back here."), code="nothing")
    uuids = [uuid for noun, uuid in deed.objects_touched if noun == "annotation"]
    found = list(Annotation.objects.select_for_update().filter(uuid__in=uuids).order_by("pk"))
    for annotation in found:
        annotation.article = article
        last = Deed.objects.touching(annotation).first()
        if last is not None and last.actor_id != by.pk:
            raise Refused(_("Somebody has changed these tags since: change them by hand."), code="outdated")
    if deed.before.get("revision", article.current_revision.number) != article.current_revision.number:
        raise Refused(_("The text has changed since: change the tags by hand."), code="outdated")
    before = states(found)
    for annotation in found:
        _give_back(annotation, deed.before.get("annotations", {}).get(str(annotation.uuid)), by=by, at=at)
    left("annotation.undo", found, before=before, by=by, at=at, deed=str(deed.uuid))
    return Deed.objects.filter(article=article, actor=by, verb="annotation.undo").latest("pk")


def _give_back(annotation: Annotation, was: dict[str, Any] | None, *, by: User, at: datetime) -> None:
    """The annotation as it was; one that was not there is withdrawn."""
    if was is None:
        annotation.state, annotation.withdrawn_at = Annotation.State.WITHDRAWN, at
        annotation.withdrawal_reason = _("Taken back at once.")
        return
    annotation.state, annotation.withdrawn_at, annotation.withdrawal_reason = was["state"], None, ""
    text = annotation.article.current_revision.text
    places = [Place(start, end, text[start:end], role) for role, start, end in was["places"]]
    if places:
        put(annotation, places, by=by, at=at, based_on=None, all_roles=True)
    if annotation.state == Annotation.State.SUGGESTED:
        wait_again(annotation)
    match annotation.kind:
        case Annotation.Kind.CLAIM:
            _give_back_claim(annotation, was)
        case Annotation.Kind.MENTION:
            entities = {
                str(entity.uuid): entity
                for entity in Entity.objects.filter(uuid__in=filter(None, was["entities"]))
            }
            # One that was merged since is the other one now.
            named = standing(entities.get(uuid) for uuid in was["entities"])
            annotation.mentions.all().delete()
            Mention.objects.bulk_create(
                Mention(annotation=annotation, entity=entity, form=was["form"], note=was["note"])
                for entity in named
            )
        case Annotation.Kind.ATTRIBUTION:
            _give_back_attribution(annotation, was)


def _give_back_claim(annotation: Annotation, was: dict[str, Any]) -> None:
    here = Appearance.objects.filter(annotation=annotation)
    if was["claim"] is not None:
        here.update(claim=Claim.objects.get(uuid=was["claim"]))
        return
    if Review.objects.filter(appearance__in=here).exists():
        raise Refused(_("These words were rated as this claim: tag them anew for another one."), code="rated")
    here.delete()


def _give_back_attribution(annotation: Annotation, was: dict[str, Any]) -> None:
    here = Attribution.objects.filter(annotation=annotation)
    if not was["quote_type"]:
        Attribution.objects.filter(parent__in=here).update(parent=None)
        here.delete()
        return
    here.update(
        source=Source.objects.filter(uuid=was["source"]).first(),
        claim=Claim.objects.filter(uuid=was["claim"]).first(),
        parent=Attribution.objects.filter(uuid=was["parent"]).first(),
        anonymity_reason=was["anonymity_reason"],
        quote_type=was["quote_type"],
    )
