"""The annotated article: text, margin notes, register, who says what, who is named.

Ten queries whatever the number of annotations. Rows are read as plain tuples and turned into spans; `cut()`
makes of them runs that never overlap; each run becomes a list of elements, outermost first. Nothing is
decided in the template.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlencode

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from newsroom.models import (
    Annotation,
    Appearance,
    Article,
    Assignment,
    Attribution,
    Claim,
    Correction,
    Entity,
    EntityIdentifier,
    Evidence,
    Mention,
    Review,
    Revision,
    Source,
    Target,
)
from newsroom.text.changes import same_words
from newsroom.text.document import Block, Inline, Tag
from newsroom.text.segments import Span, cut
from newsroom.text.selectors import joined
from newsroom.text.sentences import sentence_around

from . import register
from .ratings import Badge, Ratings
from .stale import ChangedWords, changed_words

CLAIMS, ATTRIBUTIONS, ENTITIES, LINEAR = "claims", "attributions", "entities", "linear"
LAYERS = (CLAIMS, ATTRIBUTIONS, ENTITIES, LINEAR)
DEFAULT_LAYERS = frozenset({CLAIMS})
#: What the form of layers always sends, so that "all off" is not taken for "nothing said".
NO_LAYER = "none"

#: More notes than this beside one paragraph are folded, and then this many stay in sight.
NOTES_BEFORE_FOLDING, NOTES_KEPT_IN_SIGHT = 4, 3
#: From how many rows on a browser may skip the rendering of those out of sight.
MANY_ROWS = 60
#: Words of a quotation that are spoken with the number of its note.
SPOKEN_WORDS = 5

#: How layers nest, outermost first; inside a layer the longer span is outside.
_CLAIM, _ATTRIBUTION, _LINK, _STYLE, _ENTITY = range(5)


@dataclass(frozen=True, slots=True)
class LayerChoice:
    name: str
    label: str
    checked: bool


@dataclass(frozen=True, slots=True)
class Note:
    """A claim of this article, as its margin note, its register line and its linear reading show it."""

    number: int
    code: str
    words: str
    words_lang: str
    label: str
    badge: Badge
    kind_label: str
    claimant: str
    claimant_url: str
    summary: str
    summary_lang: str
    facts_judged: str
    explanation: str
    evidence_line: str
    url: str
    card_url: str
    #: Of a stale rating, why it is.
    changed: ChangedWords | None = None

    @property
    def id(self) -> str:
        return f"note-{self.code}"

    @property
    def mark_id(self) -> str:
        return f"claim-{self.code}"

    @property
    def ref_id(self) -> str:
        return f"ref-{self.code}"


@dataclass(frozen=True, slots=True)
class Mark:
    """One element round a run. `id` and `href` stand on the first fragment of what it marks."""

    tag: str
    css: str = ""
    id: str = ""
    href: str = ""
    annotation: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    text: str
    marks: tuple[Mark, ...]
    closing: tuple[str, ...]
    refs: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class TextBlock:
    tag: str
    start: int
    attrs: tuple[tuple[str, str], ...]
    opens: tuple[Tag, ...]
    closes: tuple[str, ...]
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Row:
    blocks: tuple[TextBlock, ...]
    notes: tuple[Note, ...]
    more: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Tagged words with the sentence round them: what is shown of a text that is not ours to show whole."""

    before: str
    words: str
    after: str
    note: Note


@dataclass(frozen=True, slots=True)
class Saying:
    source_name: str
    source_url: str
    cue: str
    content: str
    quote_type_label: str
    parent: str
    mark_id: str
    note: Note | None


@dataclass(frozen=True, slots=True)
class SourceLine:
    name: str
    lang: str
    url: str
    kind_label: str
    said: int


@dataclass(frozen=True, slots=True)
class EntityLine:
    name: str
    lang: str
    url: str
    description: str
    times: int


@dataclass(frozen=True, slots=True)
class EntityGroup:
    label: str
    entities: tuple[EntityLine, ...]


class CitedDocument(NamedTuple):
    """A document that readers see as evidence for one of the claims, as data for machines has it."""

    title: str
    publisher: str
    url: str
    lang: str
    date: str


@dataclass(frozen=True, slots=True)
class NamedEntity:
    """Somebody or something with a page here, and its addresses in other catalogues."""

    entity: Entity
    same_as: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    """A correction, with the notes of the claims that it touched and that are being checked again."""

    correction: Correction
    to_check_again: tuple[Note, ...]


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
    register: tuple[Note, ...]
    register_total: int
    filter_rating: str
    legend: tuple[Badge, ...]
    says: tuple[Saying, ...]
    sources: tuple[SourceLine, ...]
    entities: tuple[EntityGroup, ...]
    corrections: tuple[CorrectionLine, ...]
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
    targets = _targets(revision, as_of)
    places = _Places(targets)
    claims = _claims(revision, targets, as_of)
    sayings = _attributions(revision, as_of)
    named, same_as = _mentions(revision, places, as_of)
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
    notes = _notes(article, claims, known, claim_url, explained=LINEAR in layers)
    shown = {pk: note for pk, note in notes.items() if not rating or keys[pk] == rating}

    rows: tuple[Row, ...] = ()
    if in_full:
        spans = list(_style_spans(revision))
        if CLAIMS in layers:
            spans += _claim_spans(shown, places)
        if ATTRIBUTIONS in layers:
            spans += _attribution_spans(sayings, places)
        if ENTITIES in layers:
            spans += _entity_spans(mentions, places)
        with_notes = shown if CLAIMS in layers or LINEAR in layers else {}
        rows = tuple(_rows(revision, spans, with_notes, places, refs=CLAIMS in layers))

    def address(key: str) -> str:
        return _address(layers=layers, rating=key)

    return ArticlePage(
        article=article,
        revision=revision,
        in_full=in_full,
        rows=rows,
        tail=revision.document.tail if in_full else (),
        excerpts=() if in_full else tuple(_excerpts(revision, shown, places)),
        layers=tuple(
            LayerChoice(name, label, name in layers)
            for name, label in (
                (CLAIMS, _("Claims")),
                (ATTRIBUTIONS, _("Who says it")),
                (ENTITIES, _("Names and topics")),
                (LINEAR, _("Linear reading")),
            )
        ),
        linear=LINEAR in layers,
        counts=register.counts(numbers, known, url=address, selected=rating),
        register=tuple(shown.values()),
        register_total=len(notes),
        filter_rating=rating,
        legend=tuple(_legend(notes, known)),
        says=tuple(_sayings(sayings, notes, claims, places, linked=ATTRIBUTIONS in layers and in_full)),
        sources=tuple(_sources(sayings, claims)),
        entities=tuple(_entities(mentions)),
        corrections=tuple(_corrections(article, notes, claims)) if as_of is None else (),
        cited=tuple(dict.fromkeys(cited for claim in claims.values() for cited in claim.cited)),
        named=tuple(_named(mentions, same_as)),
        names_delisted=any(entity.privacy == Entity.Privacy.DELISTED for _annotation, entity in named),
        checked_at=max(
            (claim.review.published_at for claim in claims.values() if claim.review is not None), default=None
        ),
    )


def numbered_claims(
    article: Article, known: Ratings, *, claim_url: Callable[[Claim], str] | None = None
) -> list[tuple[Claim, Note]]:
    """The claims that stand in an article now, with the notes that the article shows: five queries.

    A claim that stands there twice has two notes.
    """
    claims = _claims(article.current_revision, _targets(article.current_revision))
    notes = _notes(article, claims, known, claim_url, explained=False)
    return [(claims[annotation].claim, note) for annotation, note in notes.items()]


# -- what is read ------------------------------------------------------------------------------------------


class _ReviewRow(NamedTuple):
    """Of a review what an article shows: plain rows are twice as fast as models, and these are many."""

    claim_id: int
    level_id: int
    judges: str
    state: str
    summary: str
    explanation: str
    facts_judged: str
    lang: str
    judged_words: str
    appearance__annotation: int | None
    published_at: datetime
    stale_at: datetime | None
    stale_cause: str
    stale_reason: str

    def judged_here(self, annotation: int) -> bool:
        """Whether these are the very words that it judged, and not the same claim elsewhere."""
        return self.appearance__annotation == annotation


@dataclass(frozen=True, slots=True)
class _StandingClaim:
    claim: Claim
    words: str
    review: _ReviewRow | None
    #: Who is checking it; asked only of a claim without a review.
    assignment: Assignment | None
    evidence: Counter[str]
    cited: list[CitedDocument]


def _targets(revision: Revision, as_of: datetime | None = None) -> list[tuple[int, str, int, int, str]]:
    """(annotation, role, start, end, exact) of every public target that has a place, in order of place."""
    return list(
        Target.objects.placed()
        .public_in(revision.article_id, as_of=as_of)
        .filter(revision=revision)
        .order_by("start", "-end", "pk")
        .values_list("annotation", "role", "start", "end", "exact")
    )


def _claims(revision: Revision, targets: list, as_of: datetime | None = None) -> dict[int, _StandingClaim]:
    """The claims that stand in the text, by annotation, in the order in which their notes are numbered."""
    words: dict[int, list[str]] = defaultdict(list)
    ends: dict[int, int] = {}
    for annotation, role, _start, end, exact in targets:
        if role == Target.Role.CONTENT:
            words[annotation].append(exact)
            ends[annotation] = max(end, ends.get(annotation, 0))
    standing = Appearance.objects.public_in(revision.article_id, as_of=as_of)
    claims = [
        claim
        for claim in Claim.objects.filter(appearances__in=standing, withdrawn_at=None)
        .annotate(annotation=F("appearances__annotation"))
        .select_related("claimant")
        if claim.annotation in words
    ]
    keys = {claim.pk for claim in claims}
    current = _reviews(keys, as_of)
    assigned = {row.claim_id: row for row in Assignment.objects.open(at=as_of).filter(claim__in=keys)}
    evidence: dict[int, Counter[str]] = defaultdict(Counter)
    cited: dict[int, list[CitedDocument]] = defaultdict(list)
    items = Evidence.objects.standing().filter(claim__in=keys).order_by("ordinal", "pk")
    document = (f"document__{field}" for field in CitedDocument._fields)
    for claim, stance, *told in items.values_list("claim", "stance", *document):
        evidence[claim][stance] += 1
        cited[claim].append(CitedDocument._make(told))
    claims.sort(key=lambda claim: (ends[claim.annotation], claim.annotation))
    standing_claims = {}
    for claim in claims:
        review = current.get(claim.pk)
        if review is not None and as_of is not None:
            review = _then(review, claim.annotation, joined(words[claim.annotation]))
        standing_claims[claim.annotation] = _StandingClaim(
            claim=claim,
            words=joined(words[claim.annotation]),
            review=review,
            assignment=None if review else assigned.get(claim.pk),
            evidence=evidence[claim.pk],
            cited=cited[claim.pk],
        )
    return standing_claims


def _reviews(claims: set[int], as_of: datetime | None) -> dict[int, _ReviewRow]:
    """Of each claim the review that readers see, or saw at a moment."""
    found = Review.objects.filter(claim__in=claims)
    if as_of is None:
        found = found.current()
    else:
        found = found.public().filter(published_at__lt=as_of).order_by("published_at", "pk")
    rows = map(_ReviewRow._make, found.values_list(*_ReviewRow._fields))
    return {row.claim_id: row for row in rows}


def _then(review: _ReviewRow, annotation: int, words: str) -> _ReviewRow:
    """A review as it stood in an old revision: of the words that it judged there, whether they are the same.

    What it judged elsewhere is not told by this text: there it holds.
    """
    held = not review.judged_here(annotation) or same_words(words, review.judged_words)
    state = Review.State.PUBLISHED if held else Review.State.STALE
    return review._replace(state=state, stale_at=None, stale_cause="", stale_reason="")


def _changed(annotation: int, standing: _StandingClaim, lang: str) -> ChangedWords | None:
    """Why its rating is stale; None if it is not. Of words that were judged elsewhere only since when."""
    review = standing.review
    if review is None or review.state != Review.State.STALE:
        return None
    if review.stale_cause == Review.StaleCause.DOCUMENT:
        return ChangedWords(review.stale_at, by_document=True)
    if review.stale_reason:
        return ChangedWords(review.stale_at, review.lang, reason=review.stale_reason)
    if not review.judged_here(annotation):
        return ChangedWords(review.stale_at)
    return changed_words(review.judged_words, standing.words, lang=lang, since=review.stale_at)


def _attributions(revision: Revision, as_of: datetime | None) -> list[Attribution]:
    return list(
        Attribution.objects.public_in(revision.article_id, as_of=as_of).select_related(
            "source", "parent__source", "parent__annotation"
        )
    )


def _mentions(
    revision: Revision, places: _Places, as_of: datetime | None
) -> tuple[list[tuple[int, Entity]], dict[int, list[str]]]:
    """(annotation, entity) of every name in the text, the protected ones included: they are for no reader.

    And the addresses of each entity in other catalogues, by its key.
    """
    named = list(
        Mention.objects.public_in(revision.article_id, as_of=as_of)
        .filter(form=Mention.Form.NAME)
        .order_by("pk")
        .values_list("annotation", "entity")
    )
    entities: dict[int, Entity] = {}
    same_as: dict[int, list[str]] = defaultdict(list)
    # An entity comes once for each of its numbers: so they cost no query of their own.
    found = Entity.objects.filter(pk__in={entity for _annotation, entity in named})
    found = found.annotate(scheme=F("identifiers__scheme"), number=F("identifiers__value"))
    for entity in found.order_by("pk", "scheme", "number"):
        entities.setdefault(entity.pk, entity)
        if entity.scheme:
            same_as[entity.pk].append(EntityIdentifier(scheme=entity.scheme, value=entity.number).url)
    here = [(annotation, entities[entity]) for annotation, entity in named if places.of(annotation)]
    return here, same_as


class _Places:
    """Where each annotation stands, by role."""

    def __init__(self, targets: list[tuple[int, str, int, int, str]]):
        self._found: dict[tuple[int, str], list[tuple[int, int, str]]] = defaultdict(list)
        for annotation, role, start, end, exact in targets:
            self._found[annotation, role].append((start, end, exact))

    def of(self, annotation: int, role: str = Target.Role.CONTENT) -> list[tuple[int, int, str]]:
        return self._found.get((annotation, role), [])

    def words(self, annotation: int, role: str) -> str:
        return joined(exact for _start, _end, exact in self.of(annotation, role))


# -- notes, register, who says what ------------------------------------------------------------------------


def _notes(
    article: Article,
    claims: dict[int, _StandingClaim],
    known: Ratings,
    claim_url: Callable[[Claim], str] | None,
    *,
    explained: bool,
) -> dict[int, Note]:
    pages = {standing.claim.claimant_id: page_of(standing.claim.claimant) for standing in claims.values()}
    notes: dict[int, Note] = {}
    codes: set[str] = set()
    for number, (annotation, standing) in enumerate(claims.items(), start=1):
        # A claim that stands here again: its code is taken, and an id stands once on a page.
        code = standing.claim.code
        code = f"{code}-{number}" if code in codes else code
        codes.add(code)
        note = _note(number, code, article, standing, known, pages, claim_url, explained=explained)
        if changed := _changed(annotation, standing, article.lang):
            note = replace(note, changed=changed)
        notes[annotation] = note
    return notes


def _note(
    number: int,
    code: str,
    article: Article,
    standing: _StandingClaim,
    known: Ratings,
    pages: dict[int | None, str],
    claim_url: Callable[[Claim], str] | None,
    *,
    explained: bool,
) -> Note:
    claim, review = standing.claim, standing.review
    badge = known.badge(review or standing.assignment)
    spoken = standing.words.split()
    beginning = " ".join(spoken[:SPOKEN_WORDS]) + ("…" if len(spoken) > SPOKEN_WORDS else "")
    rating = f"{badge.label} ({_('to be checked again')})" if badge.stale else badge.label
    url = claim_url(claim) if claim_url else claim.get_absolute_url()
    return Note(
        number=number,
        code=code,
        words=standing.words,
        words_lang=article.lang,
        label=_("Note %(number)d, %(rating)s: “%(words)s”")
        % {"number": number, "rating": rating, "words": beginning},
        badge=badge,
        # Not `get_kind_display`, which hashes all choices anew for each of many rows.
        kind_label=str(Claim.Kind(claim.kind).label) if claim.is_subjective else "",
        claimant=claim.claimant.name if may_be_named(claim.claimant) else "",
        claimant_url=pages[claim.claimant_id],
        summary=review.summary if review else "",
        summary_lang=review.lang if review else "",
        facts_judged=review.facts_judged if review else "",
        explanation=review.explanation if review and explained else "",
        evidence_line=evidence_line(standing.evidence),
        url=url,
        card_url="" if claim_url else f"{url}card/",
    )


def _legend(notes: dict[int, Note], known: Ratings) -> list[Badge]:
    """The ratings of this article in the order of the scale, those of attributions after those of content."""
    order = {known.key_of(level.pk): place for place, level in enumerate(known.levels_of_all_versions())}
    badges = {note.badge.anchor: note.badge for note in notes.values()}
    return sorted(badges.values(), key=lambda badge: (badge.is_attribution, order.get(badge.key, len(order))))


def evidence_line(numbers: Counter[str]) -> str:
    """How many items of evidence there are, by stance, in words."""
    if not numbers:
        return ""
    parts = [
        _(template) % {"number": numbers[stance]}
        for stance, template in (
            (Evidence.Stance.SUPPORTS, gettext_noop("%(number)d in support")),
            (Evidence.Stance.REFUTES, gettext_noop("%(number)d against")),
            (Evidence.Stance.CONTEXT, gettext_noop("%(number)d for context")),
        )
        if numbers[stance]
    ]
    total = numbers.total()
    words = ngettext("%(number)d item of evidence", "%(number)d items of evidence", total) % {"number": total}
    return f"{words}: {', '.join(parts)}"


def may_be_named(source: Source | None) -> bool:
    return source is not None and source.may_be_named


def page_of(source: Source | None) -> str:
    return source.get_absolute_url() if source is not None and source.has_page else ""


def _corrections(
    article: Article, notes: dict[int, Note], claims: dict[int, _StandingClaim]
) -> Iterable[CorrectionLine]:
    """The newest first."""
    corrections = (
        Correction.objects.filter(article=article)
        .select_related("before", "after")
        .only("at", "lang", "note", "before__number", "after__number")
        .order_by("-at", "-pk")
    )
    stale: dict[int, list[Note]] = defaultdict(list)
    for annotation, note in notes.items():
        if note.changed and not note.changed.reason:
            stale[claims[annotation].claim.pk].append(note)
    touched: dict[int, list[int]] = defaultdict(list)
    if stale:
        pairs = Correction.claims.through.objects.filter(correction__article=article, claim__in=stale)
        for correction, claim in pairs.order_by("claim").values_list("correction", "claim"):
            touched[correction].append(claim)
    for correction in corrections:
        to_check_again = (note for claim in touched[correction.pk] for note in stale[claim])
        yield CorrectionLine(correction, tuple(sorted(to_check_again, key=lambda note: note.number)))


def _sayings(
    attributions: list[Attribution],
    notes: dict[int, Note],
    claims: dict[int, _StandingClaim],
    places: _Places,
    *,
    linked: bool,
) -> Iterable[Saying]:
    note_of_claim = {claims[annotation].claim.pk: note for annotation, note in notes.items()}

    def place(attribution: Attribution) -> int:
        found = places.of(attribution.annotation_id)
        return found[0][0] if found else 0

    for attribution in sorted(attributions, key=place):
        content = places.words(attribution.annotation_id, Target.Role.CONTENT)
        if not content:
            continue
        yield Saying(
            source_name=speaker(attribution),
            source_url=page_of(attribution.source),
            cue=places.words(attribution.annotation_id, Target.Role.CUE),
            content=content,
            quote_type_label=str(Attribution.QuoteType(attribution.quote_type).label),
            parent=reporter(attribution),
            mark_id=f"attribution-{attribution.code}" if linked else "",
            note=note_of_claim.get(attribution.claim_id),
        )


def speaker(attribution: Attribution) -> str:
    """Who is said to speak: the public name, or why it is not named."""
    if may_be_named(attribution.source):
        return attribution.source.name
    if attribution.source is not None and attribution.source.protected:
        return _("protected person")
    return attribution.anonymity_reason or _("confidential source")


def reporter(attribution: Attribution) -> str:
    """Who reports that it was said; "" if nobody does, or if that is not public."""
    parent = attribution.parent
    return speaker(parent) if parent and parent.annotation.state == Annotation.State.ACCEPTED else ""


def _sources(attributions: list[Attribution], claims: dict[int, _StandingClaim]) -> Iterable[SourceLine]:
    said: Counter[int] = Counter()
    sources: dict[int, Source] = {}
    for attribution in attributions:
        if may_be_named(attribution.source):
            sources[attribution.source_id] = attribution.source
            said[attribution.source_id] += 1
    for source in sorted(sources.values(), key=lambda source: source.sort_key):
        yield SourceLine(
            source.name, source.lang, page_of(source), str(Source.Kind(source.kind).label), said[source.pk]
        )


def _named(mentions: list[tuple[int, Entity]], same_as: dict[int, list[str]]) -> Iterable[NamedEntity]:
    """Those with a page, in the order in which the text names them."""
    for entity in dict.fromkeys(entity for _annotation, entity in mentions):
        if entity.has_page:
            yield NamedEntity(entity, tuple(same_as[entity.pk]))


def _entities(mentions: list[tuple[int, Entity]]) -> Iterable[EntityGroup]:
    times = Counter(entity.pk for _annotation, entity in mentions)
    groups: dict[str, dict[int, EntityLine]] = defaultdict(dict)
    for entity in sorted({entity for _annotation, entity in mentions}, key=lambda entity: entity.sort_key):
        url = entity.get_absolute_url() if entity.has_page else ""
        groups[entity.kind][entity.pk] = EntityLine(
            entity.name, entity.lang, url, entity.description, times[entity.pk]
        )
    for kind in ("person", "organisation", "place", "event", "work", "product", "software", "concept"):
        if groups[kind]:
            yield EntityGroup(_group_label(kind), tuple(groups[kind].values()))


def _group_label(kind: str) -> str:
    return {
        "person": _("People"),
        "organisation": _("Organisations"),
        "place": _("Places"),
        "event": _("Events"),
        "work": _("Works"),
        "product": _("Products"),
        "software": _("Software"),
        "concept": _("Topics"),
    }[kind]


# -- the text ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Layered:
    """What a span wears: its layer, which of its kind it is, and the element that shows it."""

    layer: int
    length: int
    key: tuple
    mark: Mark


def _order(span: Span) -> tuple:
    return (span.mark.layer, -span.mark.length, span.mark.key)


def _layered(layer: int, start: int, end: int, key: tuple, mark: Mark) -> Span:
    return Span(start, end, _Layered(layer, end - start, key, mark))


def _claim_spans(notes: dict[int, Note], places: _Places) -> Iterable[Span]:
    for annotation, note in notes.items():
        badge = note.badge
        css = f"claim tone-{badge.tone} u-{badge.underline}" + (" is-stale" if badge.stale else "")
        mark = Mark("span", css, id=note.mark_id)
        for start, end, _exact in places.of(annotation):
            yield _layered(_CLAIM, start, end, (note.number,), mark)


def _attribution_spans(attributions: list[Attribution], places: _Places) -> Iterable[Span]:
    for attribution in attributions:
        url = page_of(attribution.source)
        for role in (Target.Role.CONTENT, Target.Role.SOURCE, Target.Role.CUE):
            named = role != Target.Role.CONTENT
            for start, end, _exact in places.of(attribution.annotation_id, role):
                mark = Mark(
                    "a" if url and named else "span",
                    f"attribution attribution-{role}",
                    id="" if named else f"attribution-{attribution.code}",
                    href=url if named else "",
                )
                yield _layered(_ATTRIBUTION, start, end, (attribution.pk, role), mark)


def _entity_spans(mentions: list[tuple[int, Entity]], places: _Places) -> Iterable[Span]:
    for annotation, entity in mentions:
        url = entity.get_absolute_url() if entity.has_page else ""
        mark = Mark("a" if url else "span", f"entity entity-{entity.kind}", href=url)
        for start, end, _exact in places.of(annotation):
            yield _layered(_ENTITY, start, end, (annotation,), mark)


def _style_spans(revision: Revision) -> Iterable[Span]:
    for number, block in enumerate(revision.document.blocks):
        for inline in block.inlines:
            yield _style_span(inline, number)


def _style_span(inline: Inline, block: int) -> Span:
    key = (block, inline.start, inline.kind)
    if inline.kind == "link":
        return _layered(_LINK, inline.start, inline.end, key, Mark("a", "link", href=inline.href))
    return _layered(_STYLE, inline.start, inline.end, key, Mark(inline.kind))


def _rows(
    revision: Revision, spans: list[Span], notes: dict[int, Note], places: _Places, *, refs: bool
) -> Iterable[Row]:
    document = revision.document
    starts = [block.start for block in document.blocks]
    inside: list[list[Span]] = [[] for _block in starts]
    for span in spans:
        first = max(bisect_right(starts, span.start) - 1, 0)
        last = bisect_right(starts, span.end - 1)
        for number in range(first, last):
            inside[number].append(span)
    refs_at: dict[int, list[Note]] = defaultdict(list)
    notes_in: dict[int, list[Note]] = defaultdict(list)
    for annotation, note in notes.items():
        end = max(end for _start, end, _exact in places.of(annotation))
        block_number = bisect_right(starts, end - 1) - 1
        notes_in[block_number].append(note)
        if refs:
            # Words may end with the line feed between two blocks, which is on no page.
            refs_at[min(end, document.blocks[block_number].end)].append(note)

    begun: set[tuple] = set()
    number = 0
    for row in document.rows():
        blocks, beside = [], []
        for block in row:
            blocks.append(_text_block(revision.text, block, inside[number], refs_at, begun))
            beside += notes_in[number]
            number += 1
        kept = NOTES_KEPT_IN_SIGHT if len(beside) > NOTES_BEFORE_FOLDING else len(beside)
        yield Row(tuple(blocks), tuple(beside[:kept]), tuple(beside[kept:]))


def _text_block(
    text: str, block: Block, spans: list[Span], refs_at: dict[int, list[Note]], begun: set[tuple]
) -> TextBlock:
    runs = []
    # A note stands where its claim ends, so a run must end there too: the claim's own edge sees to that.
    for segment in cut(text, spans, start=block.start, end=block.end, order=_order):
        marks = _nested(segment.marks, begun)
        runs.append(
            Run(
                segment.text,
                marks,
                tuple(mark.tag for mark in reversed(marks)),
                tuple(refs_at.get(segment.end, ())),
            )
        )
    return TextBlock(block.tag, block.start, block.attrs, block.opens, block.closes, tuple(runs))


def _nested(layered: Iterable[_Layered], begun: set[tuple]) -> tuple[Mark, ...]:
    """The elements round one run. Only the first fragment keeps id and link; no link stands in a link."""
    marks = []
    in_link = False
    for worn in layered:
        mark, key = worn.mark, (worn.layer, worn.key)
        if mark.tag == "a" and in_link:
            mark = Mark("span", mark.css)
        elif key in begun:
            mark = Mark("span" if mark.tag == "a" else mark.tag, mark.css)
        else:
            begun.add(key)
        in_link = in_link or mark.tag == "a"
        marks.append(mark)
    return tuple(marks)


def _excerpts(revision: Revision, notes: dict[int, Note], places: _Places) -> Iterable[Excerpt]:
    for annotation, note in notes.items():
        start, end, words = places.of(annotation)[0]
        first, last = sentence_around(revision.text, start, end)
        yield Excerpt(revision.text[first:start], words, revision.text[end:last], note)


def _address(*, layers: frozenset[str], rating: str) -> str:
    """The query string that asks for this view of the page; "?" alone for the default one."""
    pairs = [("layer", name) for name in LAYERS if name in layers] or [("layer", NO_LAYER)]
    if layers == DEFAULT_LAYERS:
        pairs = []
    if rating:
        pairs.append(("rating", rating))
    return "?" + urlencode(pairs)
