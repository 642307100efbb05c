"""IPTC ninjs 3.3: an article as a news object in JSON.

The schema (http://www.iptc.org/std/ninjs/ninjs-schema_3.3.json) takes no property of anybody's own: who is
named goes into people, organisations, places, events and subjects, who speaks into `infoSources`, policies
into `trustIndicators`, the claims, corrections and rectifications into `associations`. A rating leaves in
words alone, as the description of its claim. What there is no value for is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from newsroom.models import Article, Correction, Entity, Newsroom, Policy, Rectification, Source
from newsroom.text.linked import CheckedClaim

VERSION = "3.3"
SCHEMA = f"http://www.iptc.org/std/ninjs/ninjs-schema_{VERSION}.json#"

_PLACES = {
    Entity.Kind.PERSON: "people",
    Entity.Kind.ORGANISATION: "organisations",
    Entity.Kind.PLACE: "places",
    Entity.Kind.EVENT: "events",
    Entity.Kind.PRODUCT: "objects",
    Entity.Kind.SOFTWARE: "objects",
    Entity.Kind.WORK: "objects",
    Entity.Kind.CONCEPT: "subjects",
}
#: What each kind of policy is. The schema asks for an address of the role: these are properties of
#: schema.org for a NewsMediaOrganization.
_TRUST = {
    Policy.Kind.METHOD: "https://schema.org/verificationFactCheckingPolicy",
    Policy.Kind.CORRECTIONS: "https://schema.org/correctionsPolicy",
    Policy.Kind.SOURCES: "https://schema.org/unnamedSourcesPolicy",
}

Json = dict[str, Any]


def item(
    article: Article,
    *,
    newsroom: Newsroom,
    quotations: Sequence[str] | None,
    named: Iterable[Entity],
    sources: Iterable[Source],
    claims: Iterable[CheckedClaim],
    corrections: Iterable[Correction],
    rectifications: Iterable[Rectification] = (),
    renditions: Mapping[str, str],
) -> Json:
    """The article with its current revision.

    `quotations` are the passages that may be shown of a text that is not shown in full, None where it is.
    `renditions` are content types by address. The newsroom comes `with_policies()`.
    """
    home, revision = newsroom.address, article.current_revision
    found: Json = {
        "uri": home + article.get_absolute_url(),
        "type": "text",
        "representationType": "full" if quotations is None else "partial",
        "version": str(revision.number),
        "versionCreated": revision.at.isoformat(),
        "firstCreated": article.published_at.isoformat(),
        "pubStatus": "usable",
        "language": article.lang,
        "title": article.headline,
        "slugline": article.slug,
        "by": article.byline,
        "copyrightHolder": article.publisher or newsroom.name,
        "headlines": [{"role": "main", "contentType": "text/plain", "value": article.headline}],
        "descriptions": [
            {"role": role, "contentType": "text/plain", "value": value}
            for role, value in (("summary", article.standfirst), ("backstory", article.backstory))
            if value
        ],
        "bodies": _bodies(article, quotations),
        "infoSources": [
            {"name": source.name, "role": "source", "uri": home + source.get_absolute_url()}
            if source.has_page
            else {"name": source.name, "role": "source"}
            for source in sources
        ],
        "trustIndicators": [
            {
                "role": _TRUST[Policy.Kind(kind)],
                "title": str(Policy.Kind(kind).label),
                "href": f"{home}/method/#{kind}-title",
            }
            for kind in newsroom.policy_kinds
            if kind in _TRUST
        ],
        "associations": [
            *(_claim(claim, home) for claim in claims),
            *(_correction(correction, article, home) for correction in corrections),
            *(_rectification(rectification) for rectification in rectifications),
        ],
        "altIds": [{"role": "uuid", "value": str(article.uuid)}],
        "renditions": [
            {"name": name, "href": home + address, "contentType": name}
            for address, name in renditions.items()
        ],
        "standard": {"name": "ninjs", "version": VERSION, "schema": SCHEMA},
    }
    if article.original_url:
        found["altIds"].append({"role": "original", "value": article.original_url})
    for entity in named:
        told = {"name": entity.name, "rel": "mentions", "uri": home + entity.get_absolute_url()}
        found.setdefault(_PLACES[Entity.Kind(entity.kind)], []).append(told)
    return {key: value for key, value in found.items() if value not in ("", [])}


def _bodies(article: Article, quotations: Sequence[str] | None) -> list[Json]:
    revision = article.current_revision
    if quotations is not None:
        return [{"role": "quotation", "contentType": "text/plain", "value": words} for words in quotations]
    return [
        {"role": "main", "contentType": "text/html", "value": revision.html},
        {
            "role": "main",
            "contentType": "text/plain",
            "charCount": len(revision.text),
            "wordCount": len(revision.text.split()),
            "value": revision.text,
        },
    ]


def _claim(claim: CheckedClaim, home: str) -> Json:
    told = [("rating", claim.rating), ("summary", claim.summary)]
    return {
        "uri": home + claim.url,
        "name": claim.text,
        "rel": "claim",
        "type": "text",
        "language": claim.lang,
        "headlines": [{"value": claim.text}],
        "descriptions": [{"role": role, "value": value} for role, value in told if value],
    }


def _correction(correction: Correction, article: Article, home: str) -> Json:
    return {
        "uri": f"urn:uuid:{correction.uuid}",
        "name": correction.note,
        "rel": "correction",
        "type": "text",
        "language": correction.lang,
        "versionCreated": correction.at.isoformat(),
        "descriptions": [{"role": "correction", "value": correction.note}],
        "renditions": [
            {
                "name": "changes",
                "href": f"{home}{article.get_absolute_url()}history/"
                f"{correction.before.number}-{correction.after.number}/",
                "contentType": "text/html",
            }
        ],
    }


def _rectification(rectification: Rectification) -> Json:
    """What somebody who is named answers, whole and signed."""
    return {
        "uri": f"urn:uuid:{rectification.uuid}",
        "rel": "rectification",
        "type": "text",
        "representationType": "full",
        "language": rectification.lang,
        "versionCreated": rectification.at.isoformat(),
        "by": rectification.name,
        "bodies": [{"role": "main", "contentType": "text/plain", "value": rectification.words}],
    }
