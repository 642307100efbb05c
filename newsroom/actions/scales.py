"""Rating scales: the next version is written beside the one in force, and takes its place as a whole.

A version that is in force never changes: reviews go on pointing at the levels that they were rated with.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from newsroom.models import RatingLabel, RatingLevel, RatingScale, User

from .deeds import record
from .refusals import Refused, require


@transaction.atomic
def begin_next_version(scale: RatingScale, *, by: User, at: datetime) -> RatingScale:
    """A copy to work on, with all levels and labels. Readers and reviews know nothing of it."""
    require(by, "add_ratingscale")
    versions = RatingScale.objects.select_for_update(of=("self",)).filter(code_name=scale.code_name)
    latest = versions.order_by("version").last()
    if latest is None or not latest.is_in_force:
        raise Refused(_("The next version of this scale is being written already."), code="draft")
    draft = RatingScale.objects.create(
        code_name=latest.code_name, version=latest.version + 1, name=latest.name
    )
    for level in latest.levels.prefetch_related("labels"):
        labels = list(level.labels.all())
        copy = RatingLevel.objects.create(scale=draft, **_fields(level, but="scale"))
        RatingLabel.objects.bulk_create(
            RatingLabel(level=copy, **_fields(label, but="level")) for label in labels
        )
    record("scale.begin", by=by, at=at, objects=[draft, latest], after={"version": draft.version})
    return draft


@transaction.atomic
def put_in_force(scale: RatingScale, *, by: User, at: datetime) -> RatingScale:
    """From now on reviews are rated by it, and it does not change any more. What was rated before stays."""
    require(by, "change_ratingscale")
    scale = RatingScale.objects.select_for_update().get(pk=scale.pk)
    if scale.is_in_force:
        raise Refused(_("This version is or was in force already."), code="state")
    if RatingScale.objects.in_force().filter(code_name=scale.code_name, version__gt=scale.version).exists():
        raise Refused(_("A later version is in force."), code="version")
    levels = list(scale.levels.prefetch_related("labels"))
    if not levels:
        raise Refused(_("A scale needs its levels."), code="levels")
    for level in levels:
        labels = {label.lang: label for label in level.labels.all()}
        for lang, name in settings.LANGUAGES:
            label = labels.get(lang)
            if label is None or not (level.is_opinion or label.attribution_label):
                words = _("The level “%(level)s” has not all its labels in this language: %(lang)s.")
                raise Refused(words, params={"level": level.code_name, "lang": _(name)}, code="labels")
    scale.in_force_since = at
    scale.save(update_fields=["in_force_since"])
    after = {"version": scale.version, "levels": [level.code_name for level in levels]}
    record("scale.enforce", by=by, at=at, objects=[scale], after=after)
    return scale


def _fields(row: RatingLevel | RatingLabel, *, but: str) -> dict[str, object]:
    """What a copy takes over: all but who it is and what it belongs to."""
    return {
        field.name: getattr(row, field.name)
        for field in row._meta.concrete_fields
        if field.name not in ("id", "uuid", but)
    }
