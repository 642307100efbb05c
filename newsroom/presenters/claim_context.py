"""What is known of a claim, for the desk: where it stands, who says it, on what it rests, what is like it.

All of it, public or not: passages of drafts, evidence that no reader sees yet, proposals, what was withdrawn.
The statements to the database are as many for a claim that stands in a thousand places as for one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from newsroom.models import Annotation, Article, Attribution, Claim, ClaimRelation, Evidence, Source, Target
from newsroom.text.selectors import joined

from .claim import EvidenceGroup, by_stance
from .claim_url import claim_url
from .matched import similar_claims
from .ratings import Badge, Ratings

APPEARANCES_ON_A_PAGE, MOST_SAYINGS, MOST_RELATED = 10, 30, 50


@dataclass(frozen=True, slots=True)
class Run:
    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Appearance:
    """The claim's words in their paragraph; `lost` are words that no longer stand in the text."""

    article: Article
    runs: tuple[Run, ...]
    lost: str
    url: str
    tag_url: str
    state_label: str


@dataclass(frozen=True, slots=True)
class Saying:
    """Who says it, with which words, in which article."""

    who: str
    who_lang: str
    who_label: str
    cue: str
    words: str
    quote_type_label: str
    article: Article


@dataclass(frozen=True, slots=True)
class OtherClaim:
    """`relation` is what it is to this claim; "" of one that is only like it."""

    words: str
    lang: str
    url: str
    badge: Badge
    relation: str = ""
    shared: str = ""
    differs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimContext:
    claimant: Source | None
    wordings: tuple[tuple[str, str], ...]
    appearances: tuple[Appearance, ...]
    page: Page
    says: tuple[Saying, ...]
    related: tuple[OtherClaim, ...]
    similar: tuple[OtherClaim, ...]


def claim_context(claim: Claim, known: Ratings, *, page: str = "1") -> ClaimContext:
    """`claim` comes with its claimant. `page` is that of the places where it stands."""
    standing = Annotation.objects.live().filter(appearance__claim=claim)
    places = Paginator(standing.order_by("-article", "pk"), APPEARANCES_ON_A_PAGE).get_page(page)
    related, similar = _other_claims(claim, known)
    return ClaimContext(
        claimant=claim.claimant,
        wordings=tuple(claim.wordings.order_by("lang").values_list("lang", "text")),
        appearances=tuple(_appearances(claim, list(places.object_list))),
        page=places,
        says=tuple(_sayings(claim)),
        related=related,
        similar=similar,
    )


def evidence_of(claim: Claim) -> tuple[tuple[EvidenceGroup, ...], tuple[Evidence, ...]]:
    """What stands, by stance, each with the newest copy of its document and the last look at it; and what was
    taken back, itself or its document. Three queries.
    """
    items = list(claim.evidence.select_related("document__original"))
    taken_back = [item for item in items if item.withdrawn_at or item.document.withdrawn_at]
    return tuple(by_stance([item for item in items if item not in taken_back])), tuple(taken_back)


def _appearances(claim: Claim, annotations: Sequence[Annotation]) -> Iterable[Appearance]:
    targets: dict[int, list[Target]] = defaultdict(list)
    found = Target.objects.current().filter(annotation__in=annotations, role=Target.Role.CONTENT)
    found = found.select_related("annotation__article", "revision").order_by("ordinal", "start")
    found = found.defer("revision__html", "revision__blocks", "candidates")
    for target in found:
        targets[target.annotation_id].append(target)
    for annotation in annotations:
        if of_this := targets[annotation.pk]:
            yield _appearance(claim, of_this)


def _appearance(claim: Claim, targets: list[Target]) -> Appearance:
    annotation, text = targets[0].annotation, targets[0].revision.text
    article = annotation.article
    spans = sorted((target.start, target.end) for target in targets if target.start is not None)
    return Appearance(
        article=article,
        runs=tuple(_paragraph(text, spans)) if spans else (),
        lost=joined(target.exact for target in targets if target.start is None),
        url=f"{reverse('desk:article', args=[article.slug])}#claim-{claim.code}",
        tag_url=reverse("desk:retag", args=[annotation.code]),
        state_label="" if annotation.state == Annotation.State.ACCEPTED else annotation.get_state_display(),
    )


def _paragraph(text: str, spans: Sequence[tuple[int, int]]) -> Iterable[Run]:
    """The paragraphs that the spans stand in, with the words of the spans marked."""
    at = text.rfind("\n", 0, spans[0][0]) + 1
    end = text.find("\n", max(last for _first, last in spans))
    for first, last in spans:
        if at < first:
            yield Run(text[at:first])
        if max(at, first) < last:
            yield Run(text[max(at, first) : last], marked=True)
        at = max(at, last)
    if rest := text[at : len(text) if end < 0 else end]:
        yield Run(rest)


def _sayings(claim: Claim) -> Iterable[Saying]:
    said = Attribution.objects.live().filter(claim=claim).select_related("source", "annotation__article")
    said = list(said.order_by("-annotation__article", "pk")[:MOST_SAYINGS])
    words: dict[tuple[int, str], list[str]] = defaultdict(list)
    found = Target.objects.current().placed().filter(annotation__in=[row.annotation_id for row in said])
    for annotation, role, exact in found.order_by("ordinal").values_list("annotation", "role", "exact"):
        words[annotation, role].append(exact)
    for attribution in said:
        source, annotation = attribution.source, attribution.annotation
        yield Saying(
            who=source.name if source else attribution.anonymity_reason,
            who_lang=source.lang if source else annotation.article.lang,
            who_label=_named_in_public(source),
            cue=joined(words[annotation.pk, Target.Role.CUE]),
            words=joined(words[annotation.pk, Target.Role.CONTENT]),
            quote_type_label=attribution.get_quote_type_display(),
            article=annotation.article,
        )


def _named_in_public(source: Source | None) -> str:
    """What the desk has to know before it writes a name down for readers."""
    if source is None:
        return _("stays anonymous")
    return _("not named in public") if source.desk_only else ""


def _other_claims(claim: Claim, known: Ratings) -> tuple[tuple[OtherClaim, ...], tuple[OtherClaim, ...]]:
    """Those that somebody related to this one, and those that are like it and not among them."""
    out, into = (
        side.order_by("pk").values("pk")[:MOST_RELATED] for side in (claim.relations_out, claim.relations_in)
    )
    relations = ClaimRelation.objects.filter(Q(pk__in=out) | Q(pk__in=into))
    pairs = [
        (row.target, _relation(row))
        if row.source_id == claim.pk
        else (row.source, _relation(row, seen_from_target=True))
        for row in relations.select_related("source", "target")
    ]
    named = {other.pk for other, _label in pairs}
    alike = [other for other in similar_claims(claim) if other.claim.pk not in named]
    current = known.current_of([*named, *(other.claim.pk for other in alike)])

    def line(other: Claim, relation: str = "") -> OtherClaim:
        badge = known.badge(current.get(other.pk))
        return OtherClaim(other.text, other.lang, claim_url(other), badge, relation)

    pairs.sort(key=lambda pair: (pair[1], pair[0].pk))
    similar = (replace(line(other.claim), shared=other.shared, differs=other.differs) for other in alike)
    return tuple(line(*pair) for pair in pairs), tuple(similar)


def _relation(relation: ClaimRelation, *, seen_from_target: bool = False) -> str:
    kind = ClaimRelation.Kind
    there, back = {
        kind.SUPPORTS: (pgettext("relation", "Supports"), pgettext("relation", "Supported by")),
        kind.CONTRADICTS: (pgettext("relation", "Contradicts"), pgettext("relation", "Contradicts")),
        kind.REPEATS: (pgettext("relation", "Repeats"), pgettext("relation", "Repeated by")),
        kind.UPDATES: (pgettext("relation", "Updates"), pgettext("relation", "Updated by")),
        kind.PART_OF: (pgettext("relation", "Part of"), pgettext("relation", "Has as a part")),
    }[relation.kind]
    return back if seen_from_target else there
