"""The deeds of who decides: a suggestion becomes a tag, or is rejected."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from newsroom.actions import claims
from newsroom.actions.annotations import Place
from newsroom.actions.annotations.places import put
from newsroom.actions.annotations.states import decide, left, states, taken
from newsroom.actions.annotations.tagging import annotate, hold_to_its_parts
from newsroom.actions.entities import adding
from newsroom.actions.entities.locking import standing
from newsroom.actions.refusals import Outdated, Overtaken, Refused, require
from newsroom.models import (
    Annotation,
    Appearance,
    Article,
    Attribution,
    Claim,
    Entity,
    Mention,
    Source,
    Suggestion,
    SuggestionOffer,
    Target,
    User,
)
from newsroom.text.folding import fold
from newsroom.text.selectors import joined

#: The reason of an offer that a decision made: elsewhere in the article these words were accepted as this.
ACCEPTED_HERE = "accepted-here"


@transaction.atomic
def accept(
    annotation: Annotation,
    *,
    by: User,
    at: datetime,
    row_version: int,
    based_on: int | None = None,
    places: Sequence[Place] = (),
    entities: Iterable[Entity | None] | None = None,
    form: str = "",
    source: Source | None = None,
    anonymity_reason: str = "",
    quote_type: str = "",
    parent: Attribution | None = None,
    claim: Claim | None = None,
) -> Annotation:
    """A tag is made of a suggestion: as it is, but for what is given here. With `places` it stands elsewhere.

    What is not given is what was proposed. A name stands for the first that it may stand for; a name that
    nobody knows becomes a new entity of the guessed kind, and what has the same words in this article may
    stand for that one from then on. What is said without a known source needs one, or the reason why it has
    none. A sentence worth a check becomes a new claim in its own words, not yet checked: that another claim
    says the same is for a person to see.
    """
    annotation, suggestion = _pending(annotation, by=by, row_version=row_version)
    number = annotation.article.current_revision.number
    if based_on is not None and based_on != number:
        raise Outdated(annotation.article.current_revision)
    before = states([annotation])
    corrected = _stands_elsewhere(annotation, places)
    match annotation.kind:
        case Annotation.Kind.MENTION:
            corrected |= _accept_mention(annotation, suggestion, places, entities, form, by=by, at=at)
        case Annotation.Kind.ATTRIBUTION:
            with translation.override(annotation.article.lang):
                said = Said(source, anonymity_reason.strip(), quote_type, parent, claim)
                corrected |= _accept_attribution(annotation, suggestion, places, said)
        case _:
            corrected |= _accept_claim(annotation, suggestion, places, claim, by=by, at=at)
    if places:
        put(annotation, places, by=by, at=at, based_on=based_on, all_roles=True)
    _confirm([annotation], by=by, at=at)
    Decision = Suggestion.Decision
    decide(annotation, Decision.CORRECTED if corrected else Decision.ACCEPTED, by=by, at=at)
    annotation.by, annotation.at = by, at
    return left("suggestion.accept", [annotation], before=before, by=by, at=at)


@transaction.atomic
def accept_all(
    article: Article, *, entity: Entity, by: User, at: datetime, based_on: int | None = None
) -> list[Annotation]:
    """Every name that most likely stands for this entity does so: one record, one step to undo."""
    require(by, "change_annotation")
    article = Article.objects.for_change().get(pk=article.pk)
    if based_on is not None and based_on != article.current_revision.number:
        raise Outdated(article.current_revision)
    likeliest = SuggestionOffer.objects.filter(
        ordinal=0, entity=entity, suggestion__in=Suggestion.objects.pending().of(article)
    )
    lost = Target.objects.current().orphaned().filter(annotation__article=article)
    found = list(
        Annotation.objects.select_for_update()
        .filter(suggestion__in=likeliest.values("suggestion"), kind=Annotation.Kind.MENTION)
        .exclude(pk__in=lost.values("annotation"))
        .order_by("pk")
    )
    if not found:
        raise Refused(_("No suggestion waits for this name here."), code="nothing")
    for annotation in found:
        annotation.article = article
    before = states(found)
    [named] = standing([entity])
    suggested = Suggestion.objects.filter(annotation__in=found)
    forms = dict(suggested.values_list("annotation", "form"))
    Mention.objects.filter(annotation__in=found).delete()
    Mention.objects.bulk_create(
        Mention(annotation=annotation, entity=named, form=forms[annotation.pk] or Mention.Form.NAME)
        for annotation in found
    )
    _confirm(found, by=by, at=at)
    suggested.update(decision=Suggestion.Decision.ACCEPTED, decided_by=by, decided_at=at)
    for annotation in found:
        annotation.state = Annotation.State.ACCEPTED
        annotation.by, annotation.at = by, at
    left("suggestion.accept", found, before=before, by=by, at=at)
    return found


@transaction.atomic
def reject(annotation: Annotation, *, by: User, at: datetime, row_version: int) -> Annotation:
    """It is not so. On these words it is not proposed again, in later texts neither."""
    annotation, _suggestion = _pending(annotation, by=by, row_version=row_version)
    before = states([annotation])
    decide(annotation, Suggestion.Decision.REJECTED, by=by, at=at)
    return left("suggestion.reject", [annotation], before=before, by=by, at=at)


@transaction.atomic
def replace(
    annotation: Annotation,
    *,
    kind: str,
    places: Sequence[Place],
    by: User,
    at: datetime,
    row_version: int,
    based_on: int | None = None,
    entities: Iterable[Entity | None] = (),
    form: str = Mention.Form.NAME,
    source: Source | None = None,
    anonymity_reason: str = "",
    quote_type: str = Attribution.QuoteType.INDIRECT,
    parent: Attribution | None = None,
    claim: Claim | None = None,
) -> Annotation:
    """It is not that, but a tag of another kind: it is rejected, and these places bear the other tag.

    One record, one step to undo. Answers with the tag. A claim needs its `claim`, a name its `entities`, who
    says what its `source` or the reason why it has none.
    """
    if kind == annotation.kind:
        raise Refused(_("It is of that kind: correct it."), code="kind")
    annotation, _suggestion = _pending(annotation, by=by, row_version=row_version)
    before = states([annotation])
    decide(annotation, Suggestion.Decision.REJECTED, by=by, at=at)
    made = annotate(annotation.article, kind, places, by=by, at=at, based_on=based_on)
    made.article = annotation.article
    match kind:
        case Annotation.Kind.CLAIM:
            if claim is None:
                raise Refused(_("Say which claim stands here."), code="claim")
            Appearance.objects.create(annotation=made, claim=claim)
        case Annotation.Kind.MENTION:
            named = standing(entities)
            if not named:
                raise Refused(_("Say whom or what these words name."), code="entity")
            Mention.objects.bulk_create(Mention(annotation=made, entity=one, form=form) for one in named)
        case _:
            hold_to_its_parts(places, source, anonymity_reason)
            Attribution.objects.create(
                annotation=made,
                source=source,
                anonymity_reason="" if source else anonymity_reason.strip(),
                quote_type=quote_type,
                parent=parent,
                claim=claim,
            )
    left("suggestion.replace", [annotation, made], before=before, by=by, at=at)
    return made


def _pending(annotation: Annotation, *, by: User, row_version: int) -> tuple[Annotation, Suggestion]:
    """The annotation, locked, and its suggestion; `Overtaken` if somebody decided since it was shown."""
    annotation = taken(annotation, by=by, row_version=row_version)
    if annotation.state != Annotation.State.SUGGESTED:
        raise Overtaken.on(annotation)
    suggestion, _made = Suggestion.objects.get_or_create(annotation=annotation)
    return annotation, suggestion


def _confirm(annotations: Sequence[Annotation], *, by: User, at: datetime) -> None:
    """Who accepts says that the words stand there."""
    targets = Target.objects.current().filter(annotation__in=annotations)
    if targets.orphaned().exists():
        raise Refused(_("These words are no longer in the text."), code="orphan")
    targets.update(confirmed_by=by, confirmed_at=at, needs_check=False)


def _stands_elsewhere(annotation: Annotation, places: Sequence[Place]) -> bool:
    """Whether these places, if there are any, are others than those where it was proposed."""
    stands = Target.objects.current().placed().filter(annotation=annotation)
    proposed = set(stands.values_list("role", "start", "end"))
    return bool(places) and {(place.role, place.start, place.end) for place in places} != proposed


def _words(annotation: Annotation, places: Sequence[Place]) -> str:
    """The words that it is about, in one line."""
    content = [place.exact for place in places if place.role == Target.Role.CONTENT]
    if not places:
        stands = Target.objects.current().placed().filter(annotation=annotation, role=Target.Role.CONTENT)
        content = list(stands.order_by("start").values_list("exact", flat=True))
    return " ".join(joined(content).split())


def _first(suggestion: Suggestion) -> SuggestionOffer | None:
    return suggestion.offers.select_related("entity", "source").order_by("ordinal").first()


def _accept_mention(
    annotation: Annotation,
    suggestion: Suggestion,
    places: Sequence[Place],
    entities: Iterable[Entity | None] | None,
    form: str,
    *,
    by: User,
    at: datetime,
) -> bool:
    """Whether it was corrected."""
    offer = _first(suggestion)
    here = list(annotation.mentions.select_related("entity").order_by("pk"))
    proposed = [offer.entity] if offer else [mention.entity for mention in here]
    usual = suggestion.form or (here[0].form if here else Mention.Form.NAME)
    form = form or usual
    if entities is None:
        named = standing(proposed) or [_entity_of(annotation, suggestion, places, by=by, at=at)]
    else:
        named = standing(entities)
    if not named:
        raise Refused(_("Say whom or what these words name."), code="entity")
    annotation.mentions.all().delete()
    Mention.objects.bulk_create(Mention(annotation=annotation, entity=entity, form=form) for entity in named)
    if offer is None and len(named) == 1 and named[0] is not None:
        _offer_elsewhere(annotation, suggestion, named[0], _words(annotation, places))
    differs = bool(proposed) and {entity and entity.pk for entity in named} != {
        entity and entity.pk for entity in standing(proposed)
    }
    other_kind = not proposed and [entity and entity.kind for entity in named] != [suggestion.entity_kind]
    return differs or other_kind or form != usual


def _entity_of(
    annotation: Annotation, suggestion: Suggestion, places: Sequence[Place], *, by: User, at: datetime
) -> Entity:
    """Who has that name and is of that kind, if it is one; else a new entity."""
    name, kind = _words(annotation, places), suggestion.entity_kind
    if not kind:
        raise Refused(_("Say whom or what these words name."), code="entity")
    called = list(Entity.objects.standing().filter(kind=kind, sort_key=fold(name))[:2])
    if len(called) == 1:
        return called[0]
    return adding.add(name=name, kind=kind, lang=annotation.article.lang, by=by, at=at)


def _offer_elsewhere(annotation: Annotation, suggestion: Suggestion, entity: Entity, words: str) -> None:
    """What has these words too, or is short for them, and stood for nobody, may stand for this one now."""
    others = (
        Suggestion.objects.pending()
        .of(annotation.article_id)
        .filter(annotation__kind=Annotation.Kind.MENTION, offers=None)
    )
    named = Target.objects.current().placed().filter(annotation__in=others.values("annotation"))
    alike = {key for key, exact in named.values_list("annotation", "exact") if fold(exact) == fold(words)}
    rows = others.values_list("pk", "annotation", "follows", "follows__annotation")
    # Both ways: the short name of it, and the long one of which it is short.
    near = [
        key
        for key, of, follows, followed in rows
        if of in alike or follows == suggestion.pk or key == suggestion.follows_id or followed in alike
    ]
    SuggestionOffer.objects.bulk_create(
        SuggestionOffer(suggestion_id=key, entity=entity, reasons=[[ACCEPTED_HERE, [words]]])
        for key in near
        if key != suggestion.pk
    )


class Said(NamedTuple):
    """What a person says of an attribution; the rest is as it was proposed."""

    source: Source | None
    anonymity_reason: str
    quote_type: str
    parent: Attribution | None
    claim: Claim | None


def _accept_attribution(
    annotation: Annotation, suggestion: Suggestion, places: Sequence[Place], said: Said
) -> bool:
    """Whether it was corrected."""
    here = Attribution.objects.filter(annotation=annotation).first() or Attribution(annotation=annotation)
    offer = _first(suggestion)
    proposed = offer.source if offer else here.source
    usual = suggestion.quote_type or here.quote_type or Attribution.QuoteType.INDIRECT
    source, reason = said.source, said.anonymity_reason
    if source is None and not reason:
        source, reason = proposed, here.anonymity_reason or _unspoken(suggestion)
    if places or (source is None and not reason):
        hold_to_its_parts(places or _places(annotation), source, reason)
    here.source, here.anonymity_reason = source, "" if source else reason
    here.quote_type = said.quote_type or usual
    here.parent = said.parent or here.parent or _parent(suggestion)
    here.claim = said.claim or here.claim
    here.full_clean(exclude=["annotation"])
    here.save()
    # A source that was not known is what was missing, not what was wrong.
    other_source = proposed is not None and source != proposed
    return other_source or here.quote_type != usual


def _places(annotation: Annotation) -> list[Place]:
    """Where it was proposed."""
    stands = Target.objects.current().placed().filter(annotation=annotation)
    return [Place(target.start, target.end, target.exact, target.role) for target in stands]


def _unspoken(suggestion: Suggestion) -> str:
    """What the text itself says of why nobody is named; who is implied has a name."""
    told = suggestion.unspoken not in ("", Suggestion.Unspoken.IMPLIED)
    return str(suggestion.get_unspoken_display()) if told else ""


def _parent(suggestion: Suggestion) -> Attribution | None:
    """The attribution in which it stands, if that was accepted."""
    return Attribution.objects.filter(
        annotation__suggestion__followers=suggestion, annotation__state=Annotation.State.ACCEPTED
    ).first()


def _accept_claim(
    annotation: Annotation,
    suggestion: Suggestion,
    places: Sequence[Place],
    claim: Claim | None,
    *,
    by: User,
    at: datetime,
) -> bool:
    """Whether it was corrected: that another claim says the same corrects nothing."""
    here = Appearance.objects.filter(annotation=annotation).first()
    if here is None:
        if claim is None:
            words = _words(annotation, places)
            claim = claims.add(text=words, lang=annotation.article.lang, by=by, at=at)
        Appearance.objects.create(annotation=annotation, claim=claim)
        return False
    if claim is not None and here.claim_id != claim.pk:
        here.claim = claim
        here.save(update_fields=["claim"])
        return True
    return False
