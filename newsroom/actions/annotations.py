"""Annotations: words of an article's current revision are tagged as a claim, a mention, an attribution."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from newsroom.models import (
    Annotation,
    Appearance,
    Article,
    Attribution,
    Claim,
    Entity,
    Mention,
    Revision,
    Source,
    Target,
    User,
)
from newsroom.text.selectors import describe

from . import reviews
from .deeds import record
from .refusals import Outdated, Refused, require


@dataclass(frozen=True, slots=True)
class Place:
    """Words that were selected: code points of the current revision, and the words as the person saw them."""

    start: int
    end: int
    exact: str
    role: str = Target.Role.CONTENT


@transaction.atomic
def tag_claim(
    article: Article, *, claim: Claim, places: Sequence[Place], by: User, at: datetime
) -> Appearance:
    """The claim stands here. Tagging never rates: a new claim is *not yet checked*."""
    annotation = _annotate(article, Annotation.Kind.CLAIM, places, by=by, at=at)
    appearance = Appearance.objects.create(claim=claim, annotation=annotation)
    record("claim.tag", by=by, at=at, article=article, objects=[annotation, claim])
    return appearance


@transaction.atomic
def tag_mention(
    article: Article,
    *,
    entities: Iterable[Entity | None],
    places: Sequence[Place],
    by: User,
    at: datetime,
    form: str = Mention.Form.NAME,
    note: str = "",
) -> Annotation:
    """These words name these entities; None stands for something that has no entity of its own."""
    annotation = _annotate(article, Annotation.Kind.MENTION, places, by=by, at=at)
    entities = list(entities)
    Mention.objects.bulk_create(
        Mention(annotation=annotation, entity=entity, form=form, note=note) for entity in entities
    )
    record("mention.tag", by=by, at=at, article=article, objects=[annotation, *filter(None, entities)])
    return annotation


@transaction.atomic
def tag_attribution(
    article: Article,
    *,
    places: Sequence[Place],
    quote_type: str,
    by: User,
    at: datetime,
    source: Source | None = None,
    anonymity_reason: str = "",
    claim: Claim | None = None,
    parent: Attribution | None = None,
    note: str = "",
) -> Attribution:
    """Somebody says this: `places` have the roles source, cue and content, of which content must be there."""
    if not any(place.role == Target.Role.CONTENT for place in places):
        raise Refused(_("Select the words that are attributed."), code="content")
    if source is None and not anonymity_reason.strip():
        raise Refused(_("Name the source, or say why it stays anonymous."), code="source")
    annotation = _annotate(article, Annotation.Kind.ATTRIBUTION, places, by=by, at=at)
    attribution = Attribution.objects.create(
        annotation=annotation,
        source=source,
        anonymity_reason=anonymity_reason.strip(),
        quote_type=quote_type,
        parent=parent,
        claim=claim,
        note=note,
    )
    record("attribution.tag", by=by, at=at, article=article, objects=[annotation, attribution])
    return attribution


@transaction.atomic
def confirm(annotation: Annotation, *, by: User, at: datetime, row_version: int) -> Annotation:
    """A person has looked: where a program placed it is right. From here it is carried on."""
    annotation = _taken(annotation, by=by, row_version=row_version)
    targets = Target.objects.current().filter(annotation=annotation)
    if targets.orphaned().exists():
        raise Refused(_("These words are no longer in the text."), code="orphan")
    targets.update(confirmed_by=by, confirmed_at=at, needs_check=False)
    return _left("annotation.confirm", annotation, by=by, at=at)


@transaction.atomic
def move(
    annotation: Annotation,
    *,
    places: Sequence[Place],
    by: User,
    at: datetime,
    row_version: int,
    based_on: int,
) -> Annotation:
    """A person selects where it stands in the current revision; roles that are not named stay as they are.

    `based_on` is the number of the revision that was looked at: `Outdated` if it is not current any more.
    """
    annotation = _taken(annotation, by=by, row_version=row_version)
    if not places:
        raise Refused(_("Select some words first."), code="empty")
    revision = annotation.article.current_revision
    if revision.number != based_on:
        raise Outdated(revision)
    roles = {place.role for place in places}
    before = list(
        Target.objects.filter(annotation=annotation, revision=revision, role__in=roles).values_list(
            "role", "start", "end", "exact"
        )
    )
    moved = list(_targets(annotation, revision, places, by=by, at=at))
    Target.objects.filter(annotation=annotation, revision=revision, role__in=roles).delete()
    Target.objects.bulk_create(moved)
    reviews.follow_words(annotation.article, by=by, at=at)
    return _left(
        "annotation.move",
        annotation,
        by=by,
        at=at,
        before={"places": before},
        after={"places": [(target.role, target.start, target.end, target.exact) for target in moved]},
    )


@transaction.atomic
def withdraw(annotation: Annotation, *, reason: str, by: User, at: datetime, row_version: int) -> Annotation:
    """The tag is taken back: no later revision carries it, earlier ones keep it as it stood."""
    annotation = _taken(annotation, by=by, row_version=row_version)
    if not reason.strip():
        raise Refused(_("Say why it is withdrawn."), code="reason")
    annotation.state = Annotation.State.WITHDRAWN
    annotation.withdrawn_at, annotation.withdrawal_reason = at, reason.strip()
    return _left("annotation.withdraw", annotation, by=by, at=at, after={"reason": reason.strip()})


def _taken(annotation: Annotation, *, by: User, row_version: int) -> Annotation:
    """The annotation, locked; Refused if somebody else changed it since it was shown."""
    require(by, "change_annotation")
    annotation = (
        Annotation.objects.live()
        .select_for_update(of=("self",))
        .select_related("article__current_revision")
        .filter(pk=annotation.pk)
        .first()
    )
    if annotation is None:
        raise Refused(_("This annotation was withdrawn."), code="withdrawn")
    if annotation.row_version != row_version:
        raise Refused(
            _("Somebody else changed this annotation in the meantime: look again."), code="outdated"
        )
    return annotation


def _left(verb: str, annotation: Annotation, *, by: User, at: datetime, **changes: dict) -> Annotation:
    annotation.row_version += 1
    annotation.save()
    record(verb, by=by, at=at, article=annotation.article, objects=[annotation], **changes)
    return annotation


def _annotate(article: Article, kind: str, places: Sequence[Place], *, by: User, at: datetime) -> Annotation:
    require(by, "add_annotation")
    if not places:
        raise Refused(_("Select some words first."), code="empty")
    revision = Revision.objects.get(current_of=article)
    annotation = Annotation.objects.create(article=article, kind=kind, by=by, at=at)
    Target.objects.bulk_create(_targets(annotation, revision, places, by=by, at=at))
    return annotation


def _targets(
    annotation: Annotation, revision: Revision, places: Sequence[Place], *, by: User, at: datetime
) -> Iterable[Target]:
    seen: dict[str, int] = {}
    for place in places:
        inside = 0 <= place.start < place.end <= len(revision.text)
        if not inside or revision.text[place.start : place.end] != place.exact:
            raise Refused(_("The selected words do not stand there: “%s”.") % place.exact[:80], code="words")
        selector = describe(revision.text, place.start, place.end)
        ordinal = seen.get(place.role, 0)
        seen[place.role] = ordinal + 1
        yield Target(
            annotation=annotation,
            revision=revision,
            role=place.role,
            ordinal=ordinal,
            start=place.start,
            end=place.end,
            exact=selector.exact,
            prefix=selector.prefix,
            suffix=selector.suffix,
            confirmed_by=by,
            confirmed_at=at,
        )
