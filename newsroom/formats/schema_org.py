"""schema.org JSON-LD: NewsArticle and ClaimReview.

ClaimReview says in public, to machines, that a claim of somebody else was judged. It is made only of a
published review whose words still stand: an unchecked claim and a stale rating never leave as one, nor does
an assertion of the newsroom's own. Required by Google's fact-check documentation: `claimReviewed`,
`reviewRating.alternateName`, `url`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from newsroom.models import Article, Claim, Correction, Newsroom, RatingLevel, Review, Source

CONTEXT = "https://schema.org"

_TYPES = {
    Source.Kind.PERSON: "Person",
    Source.Kind.ORGANISATION: "Organization",
    Source.Kind.PUBLICATION: "Organization",
    Source.Kind.DOCUMENT: "CreativeWork",
}

Json = dict[str, Any]


def news_article(article: Article, *, newsroom: Newsroom, corrections: Iterable[Correction]) -> Json:
    """The article and its corrections. A date goes out only as precisely as it is known."""
    data = {
        "@context": CONTEXT,
        "@type": "NewsArticle",
        "headline": article.headline,
        "inLanguage": article.lang,
        "url": newsroom.address + article.get_absolute_url(),
        "datePublished": _exact_date(article.date),
        "dateModified": article.current_revision.at.isoformat(),
        "author": {"@type": "Person", "name": article.byline} if article.byline else None,
        "publisher": _organisation(article.publisher) if article.publisher else _newsroom(newsroom),
        "isBasedOn": article.original_url,
        "backstory": article.backstory,
        "correction": [
            {
                "@type": "CorrectionComment",
                "text": correction.note,
                "datePublished": correction.at.isoformat(),
                "inLanguage": correction.lang,
            }
            for correction in corrections
        ],
    }
    return _filled(data)


def claim_review(
    review: Review,
    *,
    label: str,
    levels: Sequence[RatingLevel],
    appearances: Iterable[str],
    newsroom: Newsroom,
) -> Json | None:
    """A ClaimReview with the rating's `label`, or None if this review must not leave as one.

    `review` comes with its claim, claimant and level; `appearances` are addresses on this site.
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
        "reviewBody": review.summary,
        "reviewRating": {
            "@type": "Rating",
            "alternateName": label,
            "ratingExplanation": review.summary,
            "ratingValue": review.level.number if with_number else None,
            "bestRating": max(numbers) if with_number else None,
            "worstRating": min(numbers) if with_number else None,
        },
        "itemReviewed": {
            "@type": "Claim",
            "text": claim.text,
            "inLanguage": claim.lang,
            "author": {"@type": _TYPES[claimant.kind], "name": claimant.name},
            "datePublished": _exact_date(claim.date),
            "appearance": [
                {"@type": "CreativeWork", "url": newsroom.address + address} for address in appearances
            ],
        },
    }
    return _filled(data)


def script(data: Json | None) -> SafeString | str:
    """The text of a `<script type="application/ld+json">`; "" for None."""
    if data is None:
        return ""
    text = json.dumps(data, ensure_ascii=False, indent=1)
    # Safe: what could end the script element or open a comment is written as a JSON escape.
    return mark_safe(text.replace("<", "\\u003C").replace(">", "\\u003E").replace("&", "\\u0026"))


def _reviewed(claim: Claim, review: Review, claimant: Source) -> str:
    if review.judges == Review.Judges.ATTRIBUTION:
        return _("%(who)s said: “%(what)s”") % {"who": claimant.name, "what": claim.text}
    return claim.text


def _exact_date(edtf: str) -> str:
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
