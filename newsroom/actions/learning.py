"""What the assistant learned: kept, chosen among its versions, laid aside, and forgotten after an erasure.

A model may hold any words that it was taught with, so every erasure retires all of them.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from newsroom.models import Erasure, TrainedModel, User

from .deeds import record
from .refusals import Overtaken, Refused, require

#: Versions of one kind and language whose files are kept, and besides them the one that was in use before.
KEPT = 5
_GONE: dict[str, Any] = {"file": b"", "sha256": "", "size": 0, "active": False}


@transaction.atomic
def keep(*, file: bytes, read_after: int, by: User, at: datetime, **facts: Any) -> TrainedModel:
    """A training that is over: in use from now on, unless it is worse than what is in use.

    `read_after` is what `Erasure.last_key()` said before the words were read. If some were erased since, the
    model may still hold them, and `Overtaken` is raised.
    """
    require(by, "add_trainedmodel")
    row = TrainedModel(by=by, at=at, **facts)
    is_better = row.after >= row.before
    if is_better:
        row.file, row.sha256, row.size = file, hashlib.sha256(file).hexdigest(), len(file)
    else:
        row.state = TrainedModel.State.WORSE
    # The record comes first: with it in hand no erasure can begin before this ends, and none is under way.
    after = {
        "kind": row.kind, "lang": row.lang, "articles": row.articles, "before": row.before,
        "after": row.after, "kept": is_better,
    }  # fmt: skip
    record("assistant.train", by=by, at=at, objects=[row], after=after)
    if Erasure.last_key() != read_after:
        raise Overtaken(
            _("Words were erased while the assistant was trained: train it again."), code="erased"
        )
    versions = TrainedModel.objects.filter(kind=row.kind, lang=row.lang)
    locked = list(versions.select_for_update().order_by("-at", "-pk").values_list("pk", "state", "active"))
    if is_better:
        versions.filter(active=True).update(active=False)
        row.active = True
    row.save()
    # The one that was in use until now can be gone back to, however old it is.
    spare = [key for key, state, was_active in locked if state == TrainedModel.State.KEPT and not was_active]
    versions.filter(pk__in=spare[KEPT - 1 :]).update(state=TrainedModel.State.CLEARED, **_GONE)
    return row


@transaction.atomic
def choose(row: TrainedModel, *, by: User, at: datetime) -> TrainedModel:
    """From now on the assistant goes by this version."""
    require(by, "change_trainedmodel")
    versions = TrainedModel.objects.select_for_update().defer("file").filter(kind=row.kind, lang=row.lang)
    row, *_others = sorted(versions, key=lambda one: one.pk != row.pk)
    if row.state != TrainedModel.State.KEPT:
        raise Refused(_("This version is not kept any more: choose another, or train again."), code="state")
    if row.active:
        raise Refused(_("This version is in use already."), code="state")
    before = [str(one.uuid) for one in versions if one.active]
    versions.filter(active=True).update(active=False)
    versions.filter(pk=row.pk).update(active=True)
    row.active = True
    after = {"kind": row.kind, "lang": row.lang}
    record("assistant.choose", by=by, at=at, objects=[row], before={"in_use": before}, after=after)
    return row


@transaction.atomic
def lay_aside(row: TrainedModel, *, by: User, at: datetime) -> TrainedModel:
    """From now on the assistant goes by rules, until a version is chosen or the next is trained."""
    require(by, "change_trainedmodel")
    row = TrainedModel.objects.select_for_update().defer("file").get(pk=row.pk)
    if not row.active:
        raise Refused(_("This version is not in use."), code="state")
    TrainedModel.objects.filter(pk=row.pk).update(active=False)
    row.active = False
    after = {"kind": row.kind, "lang": row.lang}
    record("assistant.lay-aside", by=by, at=at, objects=[row], after=after)
    return row


def forget(*, by: User, at: datetime) -> None:
    """Within an erasure: every model that was trained before it goes, and the log says so."""
    rows = TrainedModel.objects.with_file()
    names = list(rows.defer("file"))
    if names:
        rows.update(state=TrainedModel.State.ERASED, **_GONE)
        record("assistant.forget", by=by, at=at, objects=names)
