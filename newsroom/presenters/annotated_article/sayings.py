"""Who says what in an article, and the sources that it quotes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from newsroom.models import Attribution, Source, Target

from .notes import Note
from .speakers import may_be_named, page_of, reporter, speaker
from .standing import Places, StandingClaim


@dataclass(frozen=True, slots=True)
class Saying:
    #: Whom the page calls the speaker; if it may not be named, who it is in general, and why.
    source_name: str
    is_named: bool
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


def sayings_of(
    attributions: list[Attribution],
    notes: dict[int, Note],
    claims: dict[int, StandingClaim],
    places: Places,
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
            is_named=may_be_named(attribution.source),
            source_url=page_of(attribution.source),
            cue=places.words(attribution.annotation_id, Target.Role.CUE),
            content=content,
            quote_type_label=str(Attribution.QuoteType(attribution.quote_type).label),
            parent=reporter(attribution),
            mark_id=f"attribution-{attribution.code}" if linked else "",
            note=note_of_claim.get(attribution.claim_id),
        )


def sources_of(attributions: list[Attribution]) -> Iterable[SourceLine]:
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
