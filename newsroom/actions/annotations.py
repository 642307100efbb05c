"""Annotations: words of an article's current revision are tagged as a claim, a mention, an attribution."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
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
from newsroom.text.changes import same_words
from newsroom.text.selectors import describe

from . import reviews
from .deeds import record
from .refusals import Outdated, Overtaken, Refused, require


@dataclass(frozen=True, slots=True)
class Place:
    """Words that were selected: code points of the current revision, and the words as the person saw them.

    `ordinal` counts the places of one role. Who tags need not count: it is done in the order given.
    """

    start: int
    end: int
    exact: str
    role: str = Target.Role.CONTENT
    ordinal: int = 0


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
    """A person selects where it stands in the current revision. Of its targets those move that `places` name
    by role and ordinal; the others stay as they are.

    `based_on` is the number of the revision that was looked at: `Outdated` if it is not current any more.
    """
    annotation = _taken(annotation, by=by, row_version=row_version)
    if not places:
        raise Refused(_("Select some words first."), code="empty")
    revision = annotation.article.current_revision
    if revision.number != based_on:
        raise Outdated(revision)
    standing = {
        (target.role, target.ordinal): target
        for target in Target.objects.filter(annotation=annotation, revision=revision)
    }
    if any((place.role, place.ordinal) not in standing for place in places):
        raise Refused(_("This annotation has no such part."), code="role")
    moved = [standing[place.role, place.ordinal] for place in places]
    before = [_in_short(target) for target in moved]
    for target, place in zip(moved, places, strict=True):
        _put(target, place, revision, by=by, at=at)
    Target.objects.bulk_update(moved, _PUT)
    reviews.follow_words(annotation.article, by=by, at=at)
    return _left(
        "annotation.move",
        annotation,
        by=by,
        at=at,
        before={"places": before},
        after={"places": [_in_short(target) for target in moved]},
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
    """The annotation, locked with its article; `Overtaken` if somebody changed it since it was shown."""
    require(by, "change_annotation")
    article = Article.objects.for_change().get(pk=annotation.article_id)
    annotation = Annotation.objects.select_for_update().get(pk=annotation.pk)
    annotation.article = article
    if annotation.row_version != row_version or not annotation.is_live:
        raise Overtaken.on(annotation)
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
    # Locked: a text that came in between would not carry what is tagged on the one before.
    revision = Article.objects.for_change().get(pk=article.pk).current_revision
    annotation = Annotation.objects.create(article=article, kind=kind, by=by, at=at)
    targets = []
    for place in _counted(places):
        target = Target(annotation=annotation, revision=revision, role=place.role, ordinal=place.ordinal)
        _put(target, place, revision, by=by, at=at)
        targets.append(target)
    Target.objects.bulk_create(targets)
    return annotation


def _counted(places: Sequence[Place]) -> Iterable[Place]:
    seen: Counter[str] = Counter()
    for place in places:
        yield replace(place, ordinal=seen[place.role])
        seen[place.role] += 1


#: What `_put` writes.
_PUT = (
    "start", "end", "exact", "prefix", "suffix", "fate", "score", "needs_check", "reason", "candidates",
    "confirmed_by", "confirmed_at",
)  # fmt: skip


def _put(target: Target, place: Place, revision: Revision, *, by: User, at: datetime) -> None:
    """A person says that the words stand there: from here on they are carried along from this place."""
    inside = 0 <= place.start < place.end <= len(revision.text)
    if not inside or revision.text[place.start : place.end] != place.exact:
        raise Refused(_("The selected words do not stand there: “%s”.") % place.exact[:80], code="words")
    selector = describe(revision.text, place.start, place.end)
    _tell_fate(target, place)
    target.start, target.end = place.start, place.end
    target.exact, target.prefix, target.suffix = selector.exact, selector.prefix, selector.suffix
    target.score, target.needs_check, target.reason, target.candidates = 1.0, False, "", []
    target.confirmed_by, target.confirmed_at = by, at


def _tell_fate(target: Target, place: Place) -> None:
    """What became of the words that it quoted until now, given where they are said to stand."""
    if target.exact and not same_words(target.exact, place.exact):
        target.fate = Target.Fate.ALTERED
    elif target.fate == Target.Fate.ORPHANED or target.start not in (None, place.start):
        target.fate = Target.Fate.MOVED
    else:
        target.fate = Target.Fate.EXACT


def _in_short(target: Target) -> tuple[str, int, int | None, int | None, str]:
    return target.role, target.ordinal, target.start, target.end, target.exact
