"""Notes that readers wrote elsewhere, by the articles here that they are beside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from urllib.parse import urldefrag, urlsplit

from django.conf import settings
from django.db.models import Q
from django.urls import Resolver404, resolve
from django.utils import translation

from newsroom.models import Article, ArticleAddress, Newsroom
from newsroom.text.addresses import spellings
from newsroom.text.web_annotations import Note


def by_article(notes: Iterable[Note]) -> tuple[dict[Article, list[Note]], list[Note]]:
    """The notes by the article that they are beside, answers with what they answer; and those of none."""
    here: dict[Article, list[Note]] = defaultdict(list)
    elsewhere: list[Note] = []
    found: dict[str, Article | None] = {}
    article_of: dict[str, Article] = {}
    notes = list(notes)
    for note in sorted(notes, key=lambda note: bool(note.answers)):
        article = article_of.get(note.answers)
        for address in note.addresses if article is None else ():
            if address not in found:
                found[address] = article_at(address)
            article = article or found[address]
        if article is None:
            elsewhere.append(note)
            continue
        article_of[note.id] = article
        here[article].append(note)
    return here, elsewhere


def article_at(address: str) -> Article | None:
    """The article of an address here, of one of its versions, or of its original; None if it is not one."""
    home, given = urlsplit(Newsroom.objects.current().address), urlsplit(address)
    articles = Article.objects.filter(withdrawn_at=None, current_revision__isnull=False)
    if home.netloc and given.netloc == home.netloc:
        try:
            with translation.override(settings.LANGUAGE_CODE):
                match = resolve(f"/{given.path.removeprefix('/en/').lstrip('/')}")
        except Resolver404:
            return None
        slug = match.kwargs.get("slug", "")
        if match.view_name not in ("reader:article", "reader:revision"):
            return None
        moved = ArticleAddress.objects.filter(slug=slug).values("article")
        rows = list(articles.filter(Q(slug=slug) | Q(pk__in=moved))[:2])
    else:
        rows = list(articles.filter(original_url__in=spellings(urldefrag(address).url))[:2])
    return rows[0] if len(rows) == 1 else None
