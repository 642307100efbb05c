"""schema.org JSON-LD: NewsArticle, Claim and ClaimReview, and a feed of reviews.

ClaimReview says in public, to machines, that a claim of somebody else was judged. It is made only of a
published review whose words still stand: an unchecked claim and a stale rating never leave as one, nor does
an assertion of the newsroom's own. Required by Google's fact-check documentation: `claimReviewed`,
`reviewRating.alternateName`, `url`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Protocol

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from newsroom.models import (
    Article,
    Claim,
    Correction,
    Entity,
    Newsroom,
    Policy,
    RatingLevel,
    Rectification,
    Review,
    Source,
)
from newsroom.text.folding import fold

CONTEXT = "https://schema.org"

_TYPES = {
    Source.Kind.PERSON: "Person",
    Source.Kind.ORGANISATION: "Organization",
    Source.Kind.PUBLICATION: "Organization",
    Source.Kind.DOCUMENT: "CreativeWork",
}

_ENTITY_TYPES = {
    Entity.Kind.PERSON: "Person",
    Entity.Kind.ORGANISATION: "Organization",
    Entity.Kind.PLACE: "Place",
    Entity.Kind.EVENT: "Event",
    Entity.Kind.PRODUCT: "Product",
    Entity.Kind.SOFTWARE: "SoftwareApplication",
    Entity.Kind.WORK: "CreativeWork",
    Entity.Kind.CONCEPT: "DefinedTerm",
}
#: What a desk may write as the type of an entity.
_TYPE_NAME = re.compile(r"[A-Z][A-Za-z]+")

#: Under which kind of policy a page of schema.org's is found here.
_POLICIES = {
    "verificationFactCheckingPolicy": Policy.Kind.METHOD,
    "correctionsPolicy": Policy.Kind.CORRECTIONS,
    "unnamedSourcesPolicy": Policy.Kind.SOURCES,
}

Json = dict[str, Any]


class Cited(Protocol):
    """A document that a claim rests on."""

    title: str
    publisher: str
    url: str
    lang: str
    date: str


class Replied(Protocol):
    """What somebody who was asked replied, whole."""

    words: str
    signature: str
    lang: str
    at: datetime


def news_article(
    article: Article,
    *,
    newsroom: Newsroom,
    corrections: Iterable[Correction],
    rectifications: Iterable[Rectification] = (),
    cited: Iterable[Cited] = (),
    named: Iterable[tuple[Entity, Sequence[str]]] = (),
) -> Json:
    """The article, what its claims rest on, whom it names, its corrections, and what others answer to it.

    A rectification is a Comment by who signed it: a CorrectionComment would be the newsroom's own.

    `named` are entities with a page, each with its addresses elsewhere; those of the headline it is about.
    A date goes out only as precisely as it is known. Of an article of somebody else the newsroom publishes
    these data alone.
    """
    headline = fold(article.headline)
    about: list[Json] = []
    mentions: list[Json] = []
    for entity, same_as in named:
        (about if fold(entity.name) in headline else mentions).append(_thing(entity, same_as, newsroom))
    whose = newsroom_data(newsroom)
    data = {
        "@context": CONTEXT,
        "@type": "NewsArticle",
        "headline": article.headline,
        "description": article.standfirst,
        "inLanguage": article.lang,
        "url": newsroom.address + article.get_absolute_url(),
        "datePublished": exact_date(article.date),
        "dateModified": article.current_revision.at.isoformat(),
        "author": {"@type": "Person", "name": article.byline} if article.byline else None,
        "publisher": _organisation(article.publisher) if article.publisher else whose,
        "sdPublisher": whose if article.publisher else None,
        "isBasedOn": article.original_url,
        "backstory": article.backstory,
        "about": about,
        "mentions": mentions,
        "citation": [
            {
                "@type": "CreativeWork",
                "name": document.title,
                "url": document.url,
                "inLanguage": document.lang,
                "datePublished": exact_date(document.date),
                "publisher": _organisation(document.publisher) if document.publisher else None,
            }
            for document in cited
        ],
        "correction": [
            {
                "@type": "CorrectionComment",
                "text": correction.note,
                "datePublished": correction.at.isoformat(),
                "inLanguage": correction.lang,
            }
            for correction in corrections
        ],
        "comment": [
            {
                "@type": "Comment",
                "name": _("Rectification by %(name)s") % {"name": rectification.name},
                "text": rectification.words,
                "author": {"@type": "Person", "name": rectification.name},
                "datePublished": rectification.at.isoformat(),
                "inLanguage": rectification.lang,
            }
            for rectification in rectifications
        ],
    }
    return _filled(data)


def claim(
    claim: Claim,
    *,
    appearances: Sequence[str],
    first: str = "",
    wordings: Iterable[tuple[str, str]] = (),
    newsroom: Newsroom,
) -> Json:
    """A Claim without any judgement: who made it, when, where it stands, how it reads in other languages.

    `claim` comes with its claimant; `appearances` are addresses on this site, `first` that of the oldest, if
    it is known. An opinion or a prediction says that it is one.
    """
    return {"@context": CONTEXT, **_claim(claim, appearances, first, wordings, newsroom)}


def claim_review(
    review: Review,
    *,
    label: str,
    levels: Sequence[RatingLevel],
    appearances: Sequence[str],
    first: str = "",
    wordings: Iterable[tuple[str, str]] = (),
    replies: Iterable[Replied] = (),
    newsroom: Newsroom,
) -> Json | None:
    """A ClaimReview with the rating's `label`, or None if this review must not leave as one.

    `review` comes with its claim, claimant and level; `appearances` are addresses on this site. Of an
    opinion or prediction the body says which facts were judged. Replies beside it are its comments.
    """
    claim = review.claim
    claimant = claim.claimant
    if review.state != Review.State.PUBLISHED or claimant is None or not claimant.may_be_named:
        return None
    numbers = [level.number for level in levels if level.number is not None]
    with_number = review.level.number is not None and review.judges == Review.Judges.CONTENT
    data = {
        "@context": CONTEXT,
        "@type": "ClaimReview",
        "url": newsroom.address + claim.get_absolute_url(),
        "claimReviewed": _reviewed(claim, review, claimant),
        "datePublished": review.published_at.isoformat(),
        "inLanguage": review.lang,
        "author": _newsroom(newsroom),
        "reviewBody": "\n\n".join(filter(None, (review.summary, review.facts_judged))),
        "reviewRating": {
            "@type": "Rating",
            "alternateName": label,
            "ratingExplanation": review.summary,
            "ratingValue": review.level.number if with_number else None,
            "bestRating": max(numbers) if with_number else None,
            "worstRating": min(numbers) if with_number else None,
        },
        "itemReviewed": _claim(claim, appearances, first, wordings, newsroom),
        "comment": [
            {
                "@type": "Comment",
                "text": reply.words,
                "author": {"@type": "Person", "name": reply.signature} if reply.signature else None,
                "dateCreated": reply.at.isoformat(),
                "inLanguage": reply.lang,
            }
            for reply in replies
        ],
    }
    return _filled(data)


def data_feed(reviews: Iterable[Json], *, newsroom: Newsroom) -> Iterator[bytes]:
    """A DataFeed of ClaimReviews, piece by piece: its consumers take one file.

    The shape is that of Data Commons: `dataFeedElement`, of each `item` a list.
    """
    head = _filled(
        {
            "@context": CONTEXT,
            "@type": "DataFeed",
            "name": newsroom.name,
            "url": f"{newsroom.address}/claimreview.json" if newsroom.address else "",
            "publisher": _newsroom(newsroom),
        }
    )
    yield (_dumped(head)[:-1] + ',"dataFeedElement":[').encode()
    for number, review in enumerate(reviews):
        item = {
            "@type": "DataFeedItem",
            "dateCreated": review["datePublished"],
            "url": review["url"],
            "item": [review],
        }
        yield ("," * (number > 0) + "\n" + _dumped(item)).encode()
    yield b"\n]}\n"


def newsroom_data(newsroom: Newsroom) -> Json:
    """The newsroom with the addresses of the policies by which it lets itself be measured.

    It comes `with_policies()`: a policy that is not written has no address.
    """
    method = newsroom.address + reverse("reader:method")
    places = {kind: f"{method}#{kind}-title" for kind in newsroom.policy_kinds}
    policies = {name: places.get(str(kind.value)) for name, kind in _POLICIES.items()}
    return _filled(
        {
            **_newsroom(newsroom),
            "publishingPrinciples": method,
            "masthead": newsroom.address + reverse("reader:imprint"),
            **policies,
        }
    )


def script(data: Json | None) -> SafeString | str:
    """The text of a `<script type="application/ld+json">`; "" for None."""
    if data is None:
        return ""
    # Safe: what could end the script element or open a comment is written as a JSON escape.
    return mark_safe(_dumped(data).replace("<", "\\u003C").replace(">", "\\u003E").replace("&", "\\u0026"))


def _dumped(data: Json) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _claim(
    claim: Claim,
    appearances: Sequence[str],
    first: str,
    wordings: Iterable[tuple[str, str]],
    newsroom: Newsroom,
) -> Json:
    claimant = claim.claimant
    places = [_place(address, newsroom) for address in appearances]
    data = {
        "@type": "Claim",
        "url": newsroom.address + claim.get_absolute_url(),
        "text": claim.text,
        "inLanguage": claim.lang,
        "genre": claim.get_kind_display() if claim.is_subjective else "",
        "author": _source(claimant) if claimant is not None and claimant.may_be_named else None,
        "claimInterpreter": _newsroom(newsroom),
        "datePublished": exact_date(claim.date),
        "firstAppearance": _place(first, newsroom) if first else None,
        "appearance": places,
        "workTranslation": [{"@type": "Claim", "text": text, "inLanguage": lang} for lang, text in wordings],
    }
    return _filled(data)


def _place(address: str, newsroom: Newsroom) -> Json:
    return {"@type": "CreativeWork", "url": newsroom.address + address}


def _source(source: Source) -> Json:
    return {"@type": _TYPES[source.kind], "name": source.name}


def _thing(entity: Entity, same_as: Sequence[str], newsroom: Newsroom) -> Json:
    kind = entity.schema_type if _TYPE_NAME.fullmatch(entity.schema_type) else _ENTITY_TYPES[entity.kind]
    return {
        "@type": kind,
        "name": entity.name,
        "url": newsroom.address + entity.get_absolute_url(),
        "sameAs": list(same_as),
    }


def _reviewed(claim: Claim, review: Review, claimant: Source) -> str:
    if review.judges == Review.Judges.ATTRIBUTION:
        return _("%(who)s said: “%(what)s”") % {"who": claimant.name, "what": claim.text}
    return claim.text


def exact_date(edtf: str) -> str:
    """ISO 8601 takes 2023, 2023-08 and 2023-08-21; what EDTF adds (~ and ?) has no place there."""
    return "" if edtf.endswith(("~", "?", "%")) else edtf


def _newsroom(newsroom: Newsroom) -> Json:
    return _filled({"@type": "NewsMediaOrganization", "name": newsroom.name, "url": newsroom.address})


def _organisation(name: str) -> Json:
    return {"@type": "Organization", "name": name}


def _filled(data: Any) -> Any:
    """Without the keys that have nothing to say."""
    if isinstance(data, dict):
        return {key: _filled(value) for key, value in data.items() if value not in (None, "", [], {})}
    if isinstance(data, list):
        return [_filled(value) for value in data]
    return data
