"""The map of an article's claims: a picture of how they are related, and the same as a list.

Ten queries whatever the number of claims and relations, twelve if some lead to other articles. The picture
has places by `text/arcs.py`; the list says all of it in words, and more: relations to claims that stand
elsewhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from newsroom.models import Appearance, Article, Claim, ClaimRelation, Rectification
from newsroom.text.arcs import Arc, Drawing, Edge, lay_out

from .annotated_article import Note, numbered_claims
from .ratings import Badge, Ratings
from .relations import ORDER, in_words

#: What is drawn on the left; the others, which carry a claim, on the right.
ON_THE_LEFT = (ClaimRelation.Kind.CONTRADICTS, ClaimRelation.Kind.UPDATES, ClaimRelation.Kind.REPEATS)
#: Of longer articles the picture shows the beginning, the list everything.
MOST_CLAIMS, MOST_RELATIONS = 400, 800
#: Relations to claims of other articles are listed as far as this.
MOST_ELSEWHERE = 200
#: Words of a claim that are spoken with its number.
SPOKEN = 80


@dataclass(frozen=True, slots=True)
class MapClaim:
    """A claim with the number of its first note; `passage` is where it stands in the article."""

    number: int
    code: str
    words: str
    lang: str
    badge: Badge
    label: str
    url: str
    passage: str

    @property
    def id(self) -> str:
        return f"map-{self.code}"


@dataclass(frozen=True, slots=True)
class MapLine:
    """One relation of a claim in words; `other` has the number 0 if it is not in this text."""

    kind: str
    label: str
    other: MapClaim


@dataclass(frozen=True, slots=True)
class MapEntry:
    claim: MapClaim
    lines: tuple[MapLine, ...]


@dataclass(frozen=True, slots=True)
class MapArc:
    kind: str
    words: str
    source: int
    target: int
    arc: Arc


@dataclass(frozen=True, slots=True)
class KindLine:
    """A line of the legend."""

    kind: str
    label: str
    on_the_left: bool


@dataclass(frozen=True, slots=True)
class MapPage:
    article: Article
    claims: tuple[MapClaim, ...]
    relations: int
    drawn: tuple[MapClaim, ...]
    arcs: tuple[MapArc, ...]
    drawing: Drawing
    legend: tuple[KindLine, ...]
    entries: tuple[MapEntry, ...]
    unrelated: tuple[MapClaim, ...]
    #: For readers: what stands before the text stands before its map.
    rectifications: tuple[Rectification, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether the picture shows all that the list says of this article."""
        return len(self.drawn) == len(self.claims) and len(self.arcs) == self.relations


class _Relation(NamedTuple):
    """Plain rows are twice as fast as models, and these may be many."""

    pk: int
    source: int
    target: int
    kind: str


def claim_map(article: Article, *, at: datetime, claim_url: Callable[[Claim], str] | None = None) -> MapPage:
    """The map of an article as it reads now. With a `claim_url` claims lead there, drafts' too."""
    known = Ratings.load()
    claims: dict[int, MapClaim] = {}
    for claim, note in numbered_claims(article, known, claim_url=claim_url):
        if claim.pk not in claims:
            claims[claim.pk] = _claim(claim, note, article)
    relations = _relations(article)
    inside = [line for line in relations if line.source in claims and line.target in claims]
    across = [line for line in relations if (line.source in claims) != (line.target in claims)]
    elsewhere = _elsewhere(across, claims, known, at=at, claim_url=claim_url)
    lines = _lines([*inside, *across], claims | elsewhere, here=claims.keys())
    counted = {pk: _labelled(claim, len(lines[pk])) if lines[pk] else claim for pk, claim in claims.items()}
    drawn = dict(list(counted.items())[:MOST_CLAIMS])
    arcs, drawing = _picture(inside, drawn)
    return MapPage(
        article=article,
        claims=tuple(counted.values()),
        relations=len(inside),
        drawn=tuple(drawn.values()),
        arcs=arcs,
        drawing=drawing,
        legend=tuple(_legend({arc.kind for arc in arcs})),
        entries=tuple(MapEntry(claim, tuple(lines[pk])) for pk, claim in counted.items() if lines[pk]),
        unrelated=tuple(claim for pk, claim in counted.items() if not lines[pk]),
        rectifications=() if claim_url else tuple(Rectification.objects.about(article)),
    )


def _claim(claim: Claim, note: Note, article: Article) -> MapClaim:
    return MapClaim(
        number=note.number,
        code=note.code,
        words=claim.text,
        lang=claim.lang,
        badge=note.badge,
        label=f"{note.number}, {_spoken(note.badge)}: «{Truncator(claim.text).chars(SPOKEN)}»",
        url=note.url,
        passage=f"#{note.mark_id}",
    )


def _spoken(badge: Badge) -> str:
    return f"{badge.label} ({_('to be checked again')})" if badge.stale else badge.label


def _labelled(claim: MapClaim, number: int) -> MapClaim:
    related = ngettext("%(number)d relation", "%(number)d relations", number) % {"number": number}
    return MapClaim(
        claim.number,
        claim.code,
        claim.words,
        claim.lang,
        claim.badge,
        f"{claim.label}, {related}",
        claim.url,
        claim.passage,
    )


def _relations(article: Article) -> list[_Relation]:
    """Those of the claims that stand in an article, in the order in which they are told: two queries."""
    standing = Appearance.objects.public_in(article).values("claim")
    found = {}
    for end in ("source__in", "target__in"):
        rows = ClaimRelation.objects.filter(**{end: standing})
        for row in rows.values_list("pk", "source", "target", "kind"):
            found[row[0]] = _Relation._make(row)
    order = {kind: place for place, kind in enumerate(ORDER)}
    return sorted(found.values(), key=lambda line: (order[line.kind], line.pk))


def _elsewhere(
    across: list[_Relation],
    here: dict[int, MapClaim],
    known: Ratings,
    *,
    at: datetime,
    claim_url: Callable[[Claim], str] | None,
) -> dict[int, MapClaim]:
    """Claims of other articles that are related to claims of this one, as far as readers may see them."""
    keys = list({line.target if line.source in here else line.source: None for line in across})
    if not keys:
        return {}
    public = Claim.objects.public(at=at).filter(pk__in=keys[:MOST_ELSEWHERE])
    if claim_url is not None:
        public = Claim.objects.filter(pk__in=keys[:MOST_ELSEWHERE], withdrawn_at=None)
    claims = list(public)
    reviews = known.current_of(claim.pk for claim in claims)
    return {
        claim.pk: MapClaim(
            number=0,
            code=claim.code,
            words=claim.text,
            lang=claim.lang,
            badge=known.badge(reviews.get(claim.pk)),
            label="",
            url=claim_url(claim) if claim_url else claim.get_absolute_url(),
            passage="",
        )
        for claim in claims
    }


def _lines(
    relations: list[_Relation], claims: dict[int, MapClaim], *, here: Iterable[int]
) -> dict[int, list[MapLine]]:
    """Of each claim of this article its relations in words, those of one kind together."""
    here = set(here)
    lines: dict[int, list[MapLine]] = defaultdict(list)
    words = {(kind, outward): in_words(kind, outward=outward) for kind in ORDER for outward in (True, False)}
    for outward in (True, False):
        for line in relations:
            mine, other = (line.source, line.target) if outward else (line.target, line.source)
            if mine in here and other in claims:
                lines[mine].append(MapLine(line.kind, words[line.kind, outward], claims[other]))
    order = {kind: place for place, kind in enumerate(ORDER)}
    for found in lines.values():
        found.sort(key=lambda line: order[line.kind])
    return lines


def _picture(inside: list[_Relation], drawn: dict[int, MapClaim]) -> tuple[tuple[MapArc, ...], Drawing]:
    places = {pk: place for place, pk in enumerate(drawn)}
    shown = [line for line in inside if line.source in places and line.target in places][:MOST_RELATIONS]
    edges = [Edge(places[line.source], places[line.target], left=line.kind in ON_THE_LEFT) for line in shown]
    drawing = lay_out(len(drawn), edges)
    words = {kind: in_words(kind, outward=True).lower() for kind in ORDER}
    arcs = []
    for line, arc in zip(shown, drawing.arcs, strict=True):
        source, target = drawn[line.source].number, drawn[line.target].number
        said = f"{source} {words[line.kind]} {target}"
        arcs.append(MapArc(line.kind, said, arc.edge.source, arc.edge.target, arc))
    return tuple(arcs), drawing


def _legend(kinds: set[str]) -> Iterable[KindLine]:
    for kind in ORDER:
        if kind in kinds:
            yield KindLine(kind, in_words(kind, outward=True), kind in ON_THE_LEFT)
