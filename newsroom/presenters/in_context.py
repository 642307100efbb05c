"""Tagged words with the sentence round them, for the pages of claims, sources and entities."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from django.db.models import F, QuerySet

from newsroom.models import Annotation, Target
from newsroom.text.sentences import sentence_around


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of a public article; `before` and `after` complete their sentence."""

    annotation: int
    before: str
    words: str
    after: str
    lang: str
    article_title: str
    article_url: str
    article_date: str

    @property
    def place_url(self) -> str:
        """Where these words stand in the article, as a text fragment: the browser scrolls to them."""
        words = self.words.partition("\n")[0]
        before = " ".join(self.before.split()[-3:])
        return (
            f"{self.article_url}#:~:text={_quoted(before)}-,{_quoted(words)}"
            if before
            else (f"{self.article_url}#:~:text={_quoted(words)}")
        )


def passages(annotations: QuerySet[Annotation] | Iterable[int], *, at: datetime) -> list[Passage]:
    """Where these annotations stand now in published articles, in order: one query.

    An annotation whose words lost their place has no passage.
    """
    targets = (
        Target.objects.placed()
        .public(at=at)
        .filter(
            annotation__in=annotations,
            revision=F("annotation__article__current_revision"),
            role=Target.Role.CONTENT,
            ordinal=0,
        )
        .select_related("revision", "annotation__article")
        .defer("revision__html", "revision__blocks")
        .order_by("-annotation__article__published_at", "annotation__article", "start")
    )
    return [_passage(target) for target in targets]


def _quoted(words: str) -> str:
    """A hyphen or a comma would be a sign of the fragment's own."""
    return quote(words, safe="").replace("-", "%2D")


def _passage(target: Target) -> Passage:
    text, article = target.revision.text, target.annotation.article
    first, last = sentence_around(text, target.start, target.end)
    return Passage(
        annotation=target.annotation_id,
        before=text[first : target.start],
        words=target.exact,
        after=text[target.end : last],
        lang=article.lang,
        article_title=article.headline,
        article_url=article.get_absolute_url(),
        article_date=article.date_in_words,
    )
