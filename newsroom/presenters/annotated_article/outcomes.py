"""What came of what readers flagged in an article, in the editor's words: of the accepted flags alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from newsroom.models import Article, Flag, FlagTarget, Revision
from newsroom.text.codes import encode


@dataclass(frozen=True, slots=True)
class OutcomeLine:
    """An outcome, with the words that it is about and where they stand in the text that is shown."""

    code: str
    outcome: str
    lang: str
    at: datetime
    words: str
    words_lang: str
    start: int | None
    end: int | None
    changes_url: str
    review_url: str

    @property
    def mark_id(self) -> str:
        return f"flag-{self.code}"

    @property
    def is_gone(self) -> bool:
        return bool(self.words) and self.start is None


def outcomes_of(article: Article, revision: Revision) -> Iterable[OutcomeLine]:
    """The newest first. One query, and another if there are any."""
    flags = Flag.objects.filter(article=article).with_outcome().order_by("-decided_at", "-pk")
    numbers = ("correction__before__number", "correction__after__number")
    found = list(flags.values_list("pk", "uuid", "outcome", "lang", "decided_at", "review__uuid", *numbers))
    if not found:
        return
    targets = FlagTarget.objects.filter(flag__in=[row[0] for row in found], revision=revision)
    places = {target.flag_id: target for target in targets}
    for pk, uuid, outcome, lang, at, review, before, after in found:
        target = places.get(pk)
        changes = reverse("reader:changes", args=[article.slug, before, after]) if after else ""
        yield OutcomeLine(
            code=encode(uuid),
            outcome=outcome,
            lang=lang,
            at=at,
            words=target.exact if target else "",
            words_lang=article.lang,
            start=target.start if target else None,
            end=target.end if target else None,
            changes_url=changes,
            review_url=reverse("reader:review", args=[encode(review)]) if review else "",
        )
