"""What the desk finds as somebody types: claims, entities, sources to choose from, few and likely first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from newsroom.models import Article, Attribution, Claim, Document, Entity, EntityAlias, Source
from newsroom.text.addresses import is_address
from newsroom.text.folding import fold

from .matched import Matched, Unsearchable, matched_claims
from .ratings import Badge, Ratings

MOST_FOUND = 8


@dataclass(frozen=True, slots=True)
class Found:
    """Something to choose. `detail` tells it from its namesakes; `exact` if it goes by the very words."""

    code: str
    name: str
    lang: str
    detail: str
    badge: Badge | None = None
    exact: bool = False
    #: Of a claim what it has of the words, and what turns it round.
    shared: str = ""
    differs: tuple[str, ...] = ()


def found_claims(words: str, *, chosen: Iterable[Claim] = ()) -> list[Found]:
    """Claims with these words, with how they stand; `chosen` ones are always among them."""
    standing = Claim.objects.filter(withdrawn_at=None)
    return _claims([*chosen, *standing.search(words, as_you_type=True)[:MOST_FOUND]], {})


def claims_like(words: str, lang: str, *, chosen: Iterable[Claim] = ()) -> list[Found]:
    """Claims that say the same as these words, the likeliest first, with what they share and how they differ;
    after them those that have all the words, as they are being typed. `chosen` ones are always among them.
    """
    standing = Claim.objects.filter(withdrawn_at=None)
    try:
        alike = matched_claims(words, lang, among=standing)
    except Unsearchable:
        return _claims(chosen, {})
    typed = standing.search(words, as_you_type=True)[:MOST_FOUND]
    found = [*chosen, *(one.claim for one in alike), *typed]
    return _claims(found, {one.claim.pk: one for one in alike})[: MOST_FOUND + 2]


def _claims(found: Iterable[Claim], alike: Mapping[int, Matched]) -> list[Found]:
    """Each once, in this order."""
    claims = {claim.pk: claim for claim in found}
    known = Ratings.load()
    reviews = known.current_of(claims)
    return [
        Found(
            claim.code,
            claim.text,
            claim.lang,
            "",
            badge=known.badge(reviews.get(key)),
            shared=alike[key].shared if key in alike else "",
            differs=alike[key].differs if key in alike else (),
        )
        for key, claim in claims.items()
    ]


def found_entities(words: str, *, chosen: Iterable[Entity] = ()) -> list[Found]:
    """Entities that go by these words, by a name or an alias: those of the very name first, then others.

    `chosen` ones are always among them.
    """
    key = fold(words)
    named = Entity.objects.standing()
    very = list(named.filter(sort_key=key)) + list(named.filter(aliases__sort_key=key).distinct())
    alike = list(named.search(words, as_you_type=True)[:MOST_FOUND]) if words.strip() else []
    entities = list({entity.pk: entity for entity in [*chosen, *very, *alike]}.values())[: MOST_FOUND + 2]
    aliases: dict[int, list[str]] = defaultdict(list)
    for alias in EntityAlias.objects.filter(entity__in=entities):
        aliases[alias.entity_id].append(alias.name)
    exact = {entity.pk for entity in very}
    return [
        Found(
            entity.code,
            entity.name,
            entity.lang,
            _detail(entity.get_kind_display(), entity.description, aliases[entity.pk]),
            exact=entity.pk in exact,
        )
        for entity in entities
    ]


def found_sources(words: str, article: Article, *, chosen: Iterable[Source] = ()) -> list[Found]:
    """Sources of these words; for no words those that speak in this article already."""
    known = Source.objects.filter(withdrawn_at=None)
    if words.strip():
        found = list(known.filter(sort_key=fold(words)))
        found += list(known.search(words, as_you_type=True)[:MOST_FOUND])
    else:
        speaking = Attribution.objects.filter(annotation__article=article, source__isnull=False)
        found = list(known.filter(pk__in=speaking.values("source"))[:MOST_FOUND])
    sources = {source.pk: source for source in [*chosen, *found]}
    return [
        Found(
            source.code,
            source.name,
            source.lang,
            _detail(source.get_kind_display(), source.description, []),
            exact=fold(source.name) == fold(words),
        )
        for source in list(sources.values())[: MOST_FOUND + 2]
    ]


def found_documents(words: str, *, chosen: Iterable[Document] = ()) -> list[Found]:
    """Documents of this address, or with these words in title, publisher or what is quoted; `chosen` ones are
    among them."""
    known, words = Document.objects.filter(withdrawn_at=None), words.strip()
    if is_address(words):
        alike = {document.pk: document for document in known.at_address(words)[:MOST_FOUND]}
    elif words:
        alike = known.in_bulk(known.search(words, as_you_type=True).first_keys(MOST_FOUND))
    else:
        alike = {}
    documents = {document.pk: document for document in chosen} | alike
    return [
        Found(
            document.code,
            document.title,
            document.lang,
            " · ".join(
                filter(None, [document.publisher, document.date_in_words, document.get_kind_display()])
            ),
        )
        for document in documents.values()
    ]


def _detail(kind: str, description: str, aliases: list[str]) -> str:
    return " · ".join(filter(None, [kind, description, ", ".join(aliases[:4])]))
