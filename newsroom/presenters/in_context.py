"""Tagged words with the sentence round them, for the pages of claims, sources and entities."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import F, QuerySet

from newsroom.models import Annotation, Article, Target
from newsroom.text.fragments import Page
from newsroom.text.sentences import sentence_around


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of a public article; `before` and `after` complete their sentence."""

    annotation: int
    code: str
    before: str
    words: str
    after: str
    lang: str
    article_title: str
    article_url: str
    article_date: str
    #: Whether the article's whole text is public; if not, these words stand on our own pages alone.
    in_full: bool

    #: The text as it stands on the article's page, and where the words stand in it.
    page: Page
    start: int
    end: int

    @property
    def place_url(self) -> str:
        """Where these words stand in the article, as a text fragment: the browser scrolls to them."""
        return self.place_from("")

    def place_from(self, anchor: str) -> str:
        """The same, with an element's id for a browser that follows no text fragment."""
        directive = self.page.fragment(self.start, self.end)
        hash_mark = "#" if anchor or directive else ""
        return f"{self.article_url}{hash_mark}{anchor}{':~:' if directive else ''}{directive}"


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
    pages: dict[int, Page] = {}
    return [_passage(target, pages) for target in targets]


def _passage(target: Target, pages: dict[int, Page]) -> Passage:
    text, article = target.revision.text, target.annotation.article
    first, last = sentence_around(text, target.start, target.end)
    in_full = article.shows_in_full(demo=settings.DEMO)
    if in_full:
        page = pages.setdefault(article.pk, Page(text, above=_above(article)))
        begins = 0
    else:
        # Of what is not shown, no word stands in an address either.
        page, begins = Page(text[first:last], above=_above(article)), first
    return Passage(
        annotation=target.annotation_id,
        code=target.annotation.code,
        before=text[first : target.start],
        words=target.exact,
        after=text[target.end : last],
        lang=article.lang,
        article_title=article.headline,
        article_url=article.get_absolute_url(),
        article_date=article.date_in_words,
        in_full=in_full,
        page=page,
        start=target.start - begins,
        end=target.end - begins,
    )


def _above(article: Article) -> str:
    """What the article's page says before its text."""
    return "\n".join(filter(None, (article.headline, article.standfirst, article.byline, article.publisher)))
