"""Evidence: a document's exact words for or against a claim; added, changed, taken back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from newsroom.models import Claim, Document, Evidence, User
from newsroom.text.changes import same_words

from . import reviews
from .comparing import compare_with_copies
from .deeds import record
from .refusals import Overtaken, Refused, Sent, require
from .reviews.following import grounded
from .reviews.rows import locked_claim

#: What a person says of an item.
FIELDS = ("stance", "quotation", "note", "checked")


@transaction.atomic
def add(
    claim: Claim, *, document: Document, by: User, at: datetime, uuid: UUID | None = None, **fields: Any
) -> Evidence:
    """What a document says of a claim; `fields` are those of FIELDS.

    With the `uuid` of an item that is here it adds nothing: that item, or Sent if it says something else.
    """
    require(by, "add_evidence")
    claim = locked_claim(claim.pk)
    made = Evidence.objects.select_related("document", "claim").filter(uuid=uuid).first() if uuid else None
    if made is not None:
        said = {name: str(value).strip() for name, value in fields.items() if name in FIELDS}
        if made.document_id != document.pk or any(getattr(made, name) != said[name] for name in said):
            raise Sent
        return made
    document = Document.objects.select_for_update(no_key=True).get(pk=document.pk)
    if document.withdrawn_at:
        raise Refused(_("This document was withdrawn."), code="withdrawn")
    last = claim.evidence.aggregate(last=Max("ordinal"))["last"]
    item = Evidence(claim=claim, document=document, ordinal=0 if last is None else last + 1, **fields)
    item.uuid = uuid or item.uuid
    _settle(item, at=at)
    record("evidence.add", by=by, at=at, objects=[item, claim, document], after=_gist(item))
    return item


@transaction.atomic
def change(
    item: Evidence, *, changes: Mapping[str, Any], by: User, at: datetime, row_version: int
) -> Evidence:
    """What is said of an item, said otherwise. `changes` names those of FIELDS that are touched."""
    require(by, "change_evidence")
    item = _taken(item, row_version)
    before, standing = _gist(item), grounded([item.claim_id])
    for name in FIELDS:
        if name in changes:
            setattr(item, name, changes[name])
    _settle(item, at=at, looked_again="checked" in changes)
    record("evidence.change", by=by, at=at, objects=[item, item.claim], before=before, after=_gist(item))
    reviews.follow_ground(standing, by=by, at=at)
    follow(item, stance=before["stance"], quotation=before["quotation"], by=by, at=at)
    return item


@transaction.atomic
def withdraw(item: Evidence, *, reason: str, by: User, at: datetime, row_version: int) -> Evidence:
    """It speaks for nothing any more; the rating that rested on it is to be checked again."""
    require(by, "change_evidence")
    item = _taken(item, row_version)
    if not reason.strip():
        raise Refused(_("Say why it is withdrawn."), code="reason")
    item.withdrawn_at, item.withdrawal_reason = at, reason.strip()
    item.save()
    record("evidence.withdraw", by=by, at=at, objects=[item, item.claim], after={"reason": reason.strip()})
    reviews.follow_document(item.document, items=[item], by=by, at=at)
    return item


@transaction.atomic
def follow(item: Evidence, *, stance: str, quotation: str, by: User, at: datetime) -> None:
    """After an item was edited: it says something else than when a rating that rests on it was published.

    The rating is to be checked again; a person may say that it holds. `stance` and `quotation` are those from
    before. It asks for no permission: it is the consequence of an edit that did, and part of its transaction.
    """
    if item.stance != stance or not same_words(item.quotation, quotation):
        moved(item, by=by, at=at)


@transaction.atomic
def moved(item: Evidence, *, by: User, at: datetime, claim: Claim | None = None) -> None:
    """The same after an item became one of another document, or of another claim than `claim` was before."""
    beside = [item, Evidence(claim=claim)] if claim is not None and claim.pk != item.claim_id else [item]
    reviews.follow_document(item.document, items=beside, by=by, at=at)


def _settle(item: Evidence, *, at: datetime, looked_again: bool = True) -> None:
    item.quotation = item.quotation.strip()
    if looked_again:
        item.checked_at = at if item.checked in Evidence.OPENED else None
    item.full_clean()
    item.save()
    compare_with_copies([item])


def _taken(item: Evidence, row_version: int) -> Evidence:
    """The item, locked after its claim; Overtaken if somebody changed it since it was shown."""
    locked_claim(item.claim_id)
    item = (
        Evidence.objects.select_for_update(of=("self",)).select_related("document", "claim").get(pk=item.pk)
    )
    if item.row_version != row_version or item.withdrawn_at:
        raise Overtaken.on_row(item)
    return item


def _gist(item: Evidence) -> dict[str, str]:
    return {
        "document": str(item.document.uuid),
        "stance": item.stance,
        "quotation": item.quotation,
        "checked": item.checked,
    }
