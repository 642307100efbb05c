"""Relations between claims in words, read from the side of the claim that one looks at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import pgettext

from newsroom.models import Appearance, Article, Claim, ClaimRelation, Deed, Review

from .finding import Found, found_claims
from .ratings import Badge, Ratings

#: In which order they are told: first what a reader should know before believing the claim.
ORDER = (
    ClaimRelation.Kind.CONTRADICTS,
    ClaimRelation.Kind.UPDATES,
    ClaimRelation.Kind.REPEATS,
    ClaimRelation.Kind.SUPPORTS,
    ClaimRelation.Kind.PART_OF,
)
#: As many related claims are shown on the page of a claim.
MOST_RELATED = 60
#: And as many at the desk, the newest of them.
MOST_AT_THE_DESK = 200


@dataclass(frozen=True, slots=True)
class RelatedLine:
    """Another claim, how it is related, and an article in which it stands."""

    label: str
    words: str
    lang: str
    url: str
    badge: Badge
    article_title: str
    article_lang: str
    article_url: str


def in_words(kind: str, *, outward: bool) -> str:
    """What this claim does to the other (`outward`), or what the other does to it."""
    active, passive = {
        ClaimRelation.Kind.SUPPORTS: (pgettext("relation", "Supports"), pgettext("relation", "Supported by")),
        ClaimRelation.Kind.CONTRADICTS: (
            pgettext("relation", "Contradicts"),
            pgettext("relation", "Contradicted by"),
        ),
        ClaimRelation.Kind.REPEATS: (pgettext("relation", "Repeats"), pgettext("relation", "Repeated by")),
        ClaimRelation.Kind.UPDATES: (pgettext("relation", "Updates"), pgettext("relation", "Updated by")),
        ClaimRelation.Kind.PART_OF: (pgettext("relation", "Part of"), pgettext("relation", "Has as a part")),
    }[ClaimRelation.Kind(kind)]
    return active if outward else passive


def place_in_order(relation: ClaimRelation, claim: int) -> tuple[int, bool, int]:
    """Where a relation of this claim stands among its others."""
    return (ORDER.index(relation.kind), relation.source_id != claim, relation.pk)


def related_lines(claim: Claim, known: Ratings, *, at: datetime) -> tuple[RelatedLine, ...]:
    """Relations in both directions, to claims that are public themselves: four queries."""
    # Of each end by its key: of all public claims, SQLite would make a list first.
    public = Claim.objects.public(at=at)
    seen_out, seen_in = (
        Exists(public.filter(pk=OuterRef("target"))),
        Exists(public.filter(pk=OuterRef("source"))),
    )
    out = claim.relations_out.filter(seen_out).select_related("target").order_by("pk")
    into = claim.relations_in.filter(seen_in).select_related("source").order_by("pk")
    found = sorted(
        [*out[:MOST_RELATED], *into[:MOST_RELATED]], key=lambda relation: place_in_order(relation, claim.pk)
    )[:MOST_RELATED]
    others = [relation.target if relation.source_id == claim.pk else relation.source for relation in found]
    reviews = known.current_of(other.pk for other in others)
    stands = articles_of(others, at=at)
    return tuple(
        RelatedLine(
            label=in_words(relation.kind, outward=relation.source_id == claim.pk),
            words=other.text,
            lang=other.lang,
            url=other.get_absolute_url(),
            badge=known.badge(reviews.get(other.pk)),
            article_title=stands[other.pk].headline,
            article_lang=stands[other.pk].lang,
            article_url=f"{stands[other.pk].get_absolute_url()}#claim-{other.code}",
        )
        for relation, other in zip(found, others, strict=True)
        if other.pk in stands
    )


def articles_of(claims: Iterable[Claim], *, at: datetime) -> dict[int, Article]:
    """Of each claim the newest public article in which it stands: one query."""
    standing = (
        Appearance.objects.public(at=at)
        .filter(claim__in=list(claims))
        .select_related("annotation__article")
        .only(
            "claim",
            "annotation__article__slug",
            "annotation__article__headline",
            "annotation__article__lang",
        )
        .order_by("annotation__article__published_at", "pk")
    )
    return {appearance.claim_id: appearance.annotation.article for appearance in standing}


# For the desk


@dataclass(frozen=True, slots=True)
class RelationLine:
    """A relation as the desk reads it from the side of one claim."""

    id: str
    code: str
    label: str
    words: str
    lang: str
    url: str
    badge: Badge
    withdrawn: bool
    strength_label: str
    note: str


@dataclass(frozen=True, slots=True)
class ClaimRelations:
    """All relations of one claim, with their forms (`desk/_relations.html`).

    `here` is the page that they are shown on, `focus` the id of what is new. `editing` is the code of the
    relation whose form is open in its place, `form` that form or the one of a new relation. `removed` is the
    record of what was just taken away, to be put back.
    """

    claim: Claim
    id: str
    url: str
    here: str
    lines: tuple[RelationLine, ...]
    number: int
    form: Any
    editing: str
    looked_for: str
    found: tuple[Found, ...]
    chosen: str
    refusal: tuple[str, ...]
    removed: Removed | None
    focus: str


@dataclass(frozen=True, slots=True)
class Removed:
    record: str
    words: str


def relations_url(claim: Claim) -> str:
    """Where the desk reads and writes the relations of a claim, in the active language."""
    return reverse("desk:relations", args=[claim.code])


def relation_id(relation: ClaimRelation) -> str:
    return f"relation-{relation.code}"


def choices() -> list[tuple[str, str]]:
    """What can be said of this claim and another, each kind from both sides; "-by" if the other does it."""
    return [
        (f"{kind.value}{side}", in_words(kind, outward=not side)) for kind in ORDER for side in ("", "-by")
    ]


def said_of(relation: ClaimRelation, claim: Claim) -> str:
    """Which of the choices a relation is, from the side of one of its claims."""
    return f"{relation.kind}{'' if relation.source_id == claim.pk else '-by'}"


def claim_relations(
    claim: Claim,
    *,
    form: Any,
    here: str = "",
    editing: str = "",
    looked_for: str = "",
    refusal: Iterable[str] = (),
    removal: Deed | None = None,
    focus: str = "",
) -> ClaimRelations:
    """The part with all relations of one claim: six queries at the most, and three for what is looked for."""
    rows = ClaimRelation.objects.of(claim).select_related("source", "target")
    number = rows.count()
    shown = sorted(
        rows.order_by("-pk")[:MOST_AT_THE_DESK], key=lambda relation: place_in_order(relation, claim.pk)
    )
    known = Ratings.load()
    reviews = known.current_of({end for row in shown for end in (row.source_id, row.target_id)} - {claim.pk})
    chosen = str(form["other"].value() or "") if "other" in form.fields else ""
    found = found_claims(looked_for, chosen=Claim.objects.with_code(chosen)) if looked_for or chosen else []
    return ClaimRelations(
        claim=claim,
        id=f"relations-{claim.code}",
        url=relations_url(claim),
        here=here or relations_url(claim),
        lines=tuple(_desk_line(row, claim, known, reviews) for row in shown),
        number=number,
        form=form,
        editing=editing,
        looked_for=looked_for,
        found=tuple(one for one in found if one.code != claim.code),
        chosen=chosen,
        refusal=tuple(refusal),
        removed=_removed(removal, claim) if removal else None,
        focus=focus,
    )


def _desk_line(
    relation: ClaimRelation, claim: Claim, known: Ratings, reviews: dict[int, Review]
) -> RelationLine:
    outward = relation.source_id == claim.pk
    other = relation.target if outward else relation.source
    return RelationLine(
        id=relation_id(relation),
        code=relation.code,
        label=in_words(relation.kind, outward=outward),
        words=other.text,
        lang=other.lang,
        url=relations_url(other),
        badge=known.badge(reviews.get(other.pk)),
        withdrawn=other.withdrawn_at is not None,
        strength_label=relation.get_strength_display(),
        note=relation.note,
    )


def _removed(removal: Deed, claim: Claim) -> Removed:
    outward = removal.before["source"] == str(claim.uuid)
    other = Claim.objects.filter(uuid=removal.before["target" if outward else "source"]).first()
    label = in_words(removal.before["kind"], outward=outward)
    return Removed(str(removal.uuid), f"{label} «{Truncator(str(other or '')).chars(80)}»")
