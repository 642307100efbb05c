"""What a tag is of, known already or added with it: a claim, names, who says it."""

from __future__ import annotations

from typing import Any

from newsroom.actions import claims, entities, sources
from newsroom.models import Article


def claim_of(article: Article, data: dict[str, Any], who: dict[str, Any]) -> Any:
    return data["claim"] or claims.add(text=data["text"], lang=article.lang, kind=data["claim_kind"], **who)


def entities_of(article: Article, data: dict[str, Any], who: dict[str, Any]) -> list[Any]:
    named = list(data["entity"])
    if data["name"] and not named:
        named = [
            entities.add(
                name=data["name"],
                kind=data["entity_kind"],
                lang=article.lang,
                description=data["description"],
                **who,
            )
        ]
        if data["wikidata"]:
            entities.identify(named[0], scheme="wikidata", value=data["wikidata"], **who)
    if data["remember"]:
        for entity in named:
            entities.remember(entity, name=data["where"].exact, **who)
    return named


def said_of(article: Article, data: dict[str, Any], who: dict[str, Any]) -> dict[str, Any]:
    source = data["source"]
    if source is None and data["name"]:
        source = sources.add(name=data["name"], kind=data["source_kind"], lang=article.lang, **who)
    return {
        "source": source,
        "anonymity_reason": "" if source else data["anonymity_reason"],
        "quote_type": data["quote_type"],
        "claim": data["claim"],
        "parent": data["parent"],
    }
