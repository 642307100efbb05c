"""What a webhook is told: which public thing changed and how, by its identifiers and its addresses.

It holds no words. Whoever is told asks the address, as a reader does: so nothing is told that readers do not
see, a message that was late tells nothing that was withdrawn meanwhile, and no word that was erased lies in a
queue. What is not public when it is sent is not sent.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from newsroom.models import Article, Claim, Deed, Delivery, Newsroom, Review
from newsroom.models.webhook import TEST


def announced(delivery: Delivery, newsroom: Newsroom, *, at: datetime) -> dict[str, Any] | None:
    """The message as JSON has it; None if what it tells of is not public."""
    if delivery.event == TEST:
        data: dict[str, Any] | None = {"newsroom": newsroom.address}
    elif delivery.event.startswith("article."):
        data = _article(delivery, newsroom, at)
    else:
        data = _review(delivery, newsroom, at)
    if data is None:
        return None
    return {"type": delivery.event, "timestamp": delivery.at.isoformat(), "data": data}


def _article(delivery: Delivery, newsroom: Newsroom, at: datetime) -> dict[str, Any] | None:
    is_gone = delivery.event == "article.withdrawn"
    there = Article.objects.withdrawn() if is_gone else Article.objects.published(at=at)
    article = there.filter(pk=delivery.deed.article_id).first()
    if article is None:
        return None
    told = _named(article, newsroom) | {"lang": article.lang}
    if delivery.event == "article.revised":
        told["is_correction"] = delivery.deed.after.get("kind") == "correction"
    return {"article": told}


def _review(delivery: Delivery, newsroom: Newsroom, at: datetime) -> dict[str, Any] | None:
    is_gone = delivery.event == "review.withdrawn"
    had_readers = Review.objects.versions().filter(uuid=_touched(delivery.deed, "review"))
    there = (
        had_readers.filter(state=Review.State.WITHDRAWN) if is_gone else had_readers & Review.objects.public()
    )
    review = there.select_related("claim", "supersedes").first()
    if review is None:
        return None
    claim = Claim.objects.public(at=at).filter(pk=review.claim_id).first()
    if claim is None and not is_gone:
        return None
    told = _named(review, newsroom) | {"state": str(review.state)}
    if review.supersedes is not None:
        told["supersedes"] = str(review.supersedes.uuid)
    return {"review": told} | ({"claim": _named(claim, newsroom)} if claim else {})


def _named(row: Any, newsroom: Newsroom) -> dict[str, str]:
    return {"id": str(row.uuid), "url": f"{newsroom.address}{row.get_absolute_url()}"}


def _touched(deed: Deed, kind: str) -> str | None:
    return next((uuid for named, uuid in deed.objects_touched if named == kind), None)
