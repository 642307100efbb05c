"""The annotated article: text, margin notes, register, who says what, who is named.

Twelve queries whatever the number of annotations.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from newsroom.models import Article, Claim, Entity, Rectification, Revision
from newsroom.presenters import register
from newsroom.presenters.ratings import Badge, Ratings
from newsroom.text.document import Tag

from .corrections import CorrectionLine, corrections_of
from .facts import Facts, facts_of
from .marked_text import (
    Excerpt,
    Row,
    attribution_spans,
    claim_spans,
    entity_spans,
    excerpts_of,
    outcome_spans,
    rows_of,
    style_spans,
)
from .names import EntityGroup, NamedEntity, entities_of, named_of
from .notes import Note, legend_of, notes_of
from .outcomes import OutcomeLine, outcomes_of
from .sayings import Saying, SourceLine, sayings_of, sources_of
from .standing import CitedDocument, Places, attributions_in, claims_in, mentions_in, targets_in

CLAIMS, ATTRIBUTIONS, ENTITIES, LINEAR = "claims", "attributions", "entities", "linear"
LAYERS = (CLAIMS, ATTRIBUTIONS, ENTITIES, LINEAR)
DEFAULT_LAYERS = frozenset({CLAIMS})
#: What the form of layers always sends, so that "all off" is not taken for "nothing said".
NO_LAYER = "none"
#: From how many rows on a browser may skip the rendering of those out of sight.
MANY_ROWS = 60


@dataclass(frozen=True, slots=True)
class LayerChoice:
    name: str
    label: str
    checked: bool
    #: Whether it is shown to who has chosen nothing.
    standard: bool


@dataclass(frozen=True, slots=True)
class ArticlePage:
    article: Article
    revision: Revision
    in_full: bool
    rows: tuple[Row, ...]
    tail: tuple[Tag, ...]
    excerpts: tuple[Excerpt, ...]
    layers: tuple[LayerChoice, ...]
    linear: bool
    counts: tuple[register.Count, ...]
    facts: Facts
    register: tuple[Note, ...]
    register_total: int
    filter_rating: str
    legend: tuple[Badge, ...]
    says: tuple[Saying, ...]
    sources: tuple[SourceLine, ...]
    entities: tuple[EntityGroup, ...]
    #: What those who are named answer: before the text, whichever of its revisions is shown.
    rectifications: tuple[Rectification, ...]
    corrections: tuple[CorrectionLine, ...]
    #: What came of what readers flagged here.
    outcomes: tuple[OutcomeLine, ...]
    #: For machines: what the claims rest on, and who is named that has a page.
    cited: tuple[CitedDocument, ...]
    named: tuple[NamedEntity, ...]
    #: Search engines are asked to pass it by.
    names_delisted: bool
    checked_at: datetime | None

    @property
    def many_rows(self) -> bool:
        return len(self.rows) > MANY_ROWS

    @property
    def shows_claims(self) -> bool:
        return any(layer.checked for layer in self.layers if layer.name == CLAIMS)


def chosen_layers(values: Iterable[str]) -> frozenset[str]:
    """The layers that a query string asks for; nothing said, or nothing understood, is the default."""
    values = set(values)
    known = values.intersection(LAYERS)
    return frozenset(known) if known or NO_LAYER in values else DEFAULT_LAYERS


def annotated_article(
    article: Article,
    revision: Revision,
    *,
    layers: frozenset[str] = DEFAULT_LAYERS,
    rating: str = "",
    in_full: bool,
    claim_url: Callable[[Claim], str] | None = None,
    as_of: datetime | None = None,
) -> ArticlePage:
    """The page of one revision. An unknown `rating` filters nothing.

    `as_of` is the moment at which an old revision ceased to be current: annotations and ratings are shown as
    they stood then, and without cards, which would tell of today. With a `claim_url` its notes lead there and
    have no card either: the desk previews what has no public page yet.
    """
    known = Ratings.load()
    targets = targets_in(revision, as_of)
    places = Places(targets)
    claims = claims_in(revision, targets, as_of)
    sayings = attributions_in(revision, as_of)
    named, same_as = mentions_in(revision, places, as_of)
    # Of who is protected, whatever the moment, the text has the words and nothing else tells the name.
    mentions = [(annotation, entity) for annotation, entity in named if entity.is_shown]

    keys = {
        pk: register.filter_key(claim.review, known, assigned=claim.assignment is not None)
        for pk, claim in claims.items()
    }
    numbers = Counter(keys.values())
    rating = rating if numbers[rating] else ""
    if as_of is not None and claim_url is None:
        claim_url = Claim.get_absolute_url
    notes = notes_of(article, claims, known, claim_url, explained=LINEAR in layers)
    shown = {pk: note for pk, note in notes.items() if not rating or keys[pk] == rating}

    outcomes = tuple(outcomes_of(article, revision)) if as_of is None else ()
    rows: tuple[Row, ...] = ()
    if in_full:
        spans = [*style_spans(revision), *outcome_spans(outcomes)]
        if CLAIMS in layers:
            spans += claim_spans(shown, places)
        if ATTRIBUTIONS in layers:
            spans += attribution_spans(sayings, places)
        if ENTITIES in layers:
            spans += entity_spans(mentions, places)
        with_notes = shown if CLAIMS in layers or LINEAR in layers else {}
        rows = tuple(rows_of(revision, spans, with_notes, places, refs=CLAIMS in layers))

    def address(key: str) -> str:
        return _address(layers=layers, rating=key)

    counts = register.counts(numbers, register.every_badge(known), url=address, selected=rating)
    sources = tuple(sources_of(sayings))
    says = tuple(sayings_of(sayings, notes, claims, places, linked=ATTRIBUTIONS in layers and in_full))
    cited = tuple(dict.fromkeys(cited for claim in claims.values() for cited in claim.cited))
    return ArticlePage(
        article=article,
        revision=revision,
        in_full=in_full,
        rows=rows,
        tail=revision.document.tail if in_full else (),
        excerpts=() if in_full else tuple(excerpts_of(revision, shown, places)),
        layers=tuple(
            LayerChoice(name, label, name in layers, name in DEFAULT_LAYERS)
            for name, label in (
                (CLAIMS, _("Claims")),
                (ATTRIBUTIONS, _("Who says it")),
                (ENTITIES, _("Names and topics")),
                (LINEAR, _("Linear reading")),
            )
        ),
        linear=LINEAR in layers,
        counts=counts,
        facts=facts_of(counts, sources, says, documents=len(cited) if as_of is None else None),
        register=tuple(shown.values()),
        register_total=len(notes),
        filter_rating=rating,
        legend=tuple(legend_of(notes, known)),
        says=says,
        sources=sources,
        entities=tuple(entities_of(mentions)),
        rectifications=tuple(Rectification.objects.about(article)),
        corrections=tuple(corrections_of(article, notes, claims)) if as_of is None else (),
        outcomes=outcomes,
        cited=cited,
        named=tuple(named_of(mentions, same_as)),
        names_delisted=any(entity.privacy == Entity.Privacy.DELISTED for _annotation, entity in named),
        checked_at=max(
            (claim.review.published_at for claim in claims.values() if claim.review is not None), default=None
        ),
    )


def _address(*, layers: frozenset[str], rating: str) -> str:
    """The query string that asks for this view of the page; "?" alone for the default one."""
    pairs = [("layer", name) for name in LAYERS if name in layers] or [("layer", NO_LAYER)]
    if layers == DEFAULT_LAYERS:
        pairs = []
    if rating:
        pairs.append(("rating", rating))
    return "?" + urlencode(pairs)
