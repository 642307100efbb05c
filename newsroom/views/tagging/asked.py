"""What is read from addresses and forms."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404

from newsroom.forms import AttributionTagForm, ClaimTagForm, MentionTagForm
from newsroom.forms.tagging import TagForm
from newsroom.models import Annotation, Article, Revision

FORMS: dict[str, type[TagForm]] = {
    "claim": ClaimTagForm,
    "mention": MentionTagForm,
    "attribution": AttributionTagForm,
}
#: The field of each form that chooses what is known already.
CHOOSES = {"claim": "claim", "mention": "entity", "attribution": "source"}


def article_at(slug: str) -> Article:
    return get_object_or_404(Article.objects.select_related("current_revision__by"), slug=slug)


def article_to_tag(slug: str) -> Article:
    """The same without what no tag needs: the HTML that the text was made of, and who wrote it."""
    read = Article.objects.select_related("current_revision").defer("current_revision__html")
    return get_object_or_404(read, slug=slug)


def annotation_at(code: str) -> Annotation:
    found = Annotation.objects.select_related("article__current_revision")
    return get_object_or_404(found.with_code(code))


def revision_of(article: Article, number: str) -> Revision:
    """The revision that was looked at; the current one if the form names none of this article."""
    if number.isdecimal() and int(number) != article.current_revision.number:
        named = article.revisions.filter(number=int(number[:9])).first()
        if named is not None:
            return named
    return article.current_revision


def number(value: Any) -> int:
    """A number from a form; 0 for what is none."""
    text = str(value if value is not None else "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0
