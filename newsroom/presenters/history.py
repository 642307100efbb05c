"""An article's history: every public revision, and what changed between two of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from django.urls import reverse

from newsroom.models import Annotation, Appearance, Article, Claim, Correction, Revision, Target
from newsroom.text.changes import Piece, same_words, word_diff

from .ratings import Badge, Ratings


@dataclass(frozen=True, slots=True)
class RevisionLine:
    revision: Revision
    url: str
    changes_url: str
    claims_touched: int
    is_current: bool


@dataclass(frozen=True, slots=True)
class HistoryPage:
    article: Article
    revisions: tuple[RevisionLine, ...]


@dataclass(frozen=True, slots=True)
class TouchedClaim:
    """A claim whose words are not the same in the two revisions; `now` is empty where they are gone."""

    claim: Claim
    url: str
    badge: Badge
    was: str
    now: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class ChangesPage:
    article: Article
    before: Revision
    after: Revision
    in_full: bool
    pieces: tuple[Piece, ...]
    claims: tuple[TouchedClaim, ...]
    corrections: tuple[Correction, ...]


def public_revisions(article: Article) -> list[Revision]:
    """The texts that readers could see, oldest first: the one that was published, and all since."""
    revisions = _revisions(article)
    replaced = {before.pk: after.at for before, after in pairwise(revisions)}
    return [
        revision
        for revision in revisions
        if revision.pk not in replaced
        or (article.published_at and replaced[revision.pk] > article.published_at)
    ]


def _revisions(article: Article) -> list[Revision]:
    revisions = Revision.objects.filter(article=article).defer("html", "text", "blocks")
    return list(revisions.select_related("by", "reverts").order_by("number"))


def changes_address(view: str, slug: str, query: Mapping[str, str]) -> str:
    """The page of what changed between the revisions `before` and `after` of a query string, in either order.

    "" if they are no two numbers.
    """
    given = query.get("before", ""), query.get("after", "")
    numbers = sorted({int(value) for value in given if value.isdecimal()})
    return reverse(view, args=[slug, *numbers]) if len(numbers) == 2 else ""


def ceased_at(revision: Revision) -> datetime | None:
    """When the next revision took its place; None for the current one."""
    return (
        Revision.objects.filter(article=revision.article_id, number=revision.number + 1)
        .values_list("at", flat=True)
        .first()
    )


def history_page(article: Article) -> HistoryPage:
    """What readers could see."""
    return _history(article, public_revisions(article), text="reader:revision", changes="reader:changes")


def revisions_page(article: Article) -> HistoryPage:
    """What the desk can see: drafts as well."""
    return _history(article, _revisions(article), text="desk:revert", changes="desk:changes")


def _history(article: Article, revisions: list[Revision], *, text: str, changes: str) -> HistoryPage:
    """`text` and `changes` name the pages of one revision, and of what changed between two."""
    touched = {
        correction.after_id: len(correction.claims.all())
        for correction in Correction.objects.filter(article=article).prefetch_related("claims")
    }
    earlier = {after.pk: before for before, after in pairwise(revisions)}

    def changes_url(revision: Revision) -> str:
        if revision.pk not in earlier:
            return ""
        return reverse(changes, args=[article.slug, earlier[revision.pk].number, revision.number])

    return HistoryPage(
        article,
        tuple(
            RevisionLine(
                revision=revision,
                url=reverse(text, args=[article.slug, revision.number]),
                changes_url=changes_url(revision),
                claims_touched=touched.get(revision.pk, 0),
                is_current=revision.pk == article.current_revision_id,
            )
            for revision in reversed(revisions)
        ),
    )


def changes_page(article: Article, before: Revision, after: Revision, *, in_full: bool) -> ChangesPage:
    """What changed from one revision to another; without the right to the whole text, the claims alone."""
    return ChangesPage(
        article=article,
        before=before,
        after=after,
        in_full=in_full,
        pieces=tuple(word_diff(before.text, after.text)) if in_full else (),
        claims=tuple(_touched(before, after)),
        corrections=tuple(
            Correction.objects.filter(
                article=article, after__number__gt=before.number, after__number__lte=after.number
            ).order_by("at")
        ),
    )


def _touched(before: Revision, after: Revision):
    words: dict[int, dict[int, str]] = {before.pk: {}, after.pk: {}}
    for revision, annotation, exact, start in (
        Target.objects.filter(
            revision__in=[before, after],
            role=Target.Role.CONTENT,
            annotation__kind=Annotation.Kind.CLAIM,
            annotation__state__in=[Annotation.State.ACCEPTED, Annotation.State.WITHDRAWN],
        )
        .order_by("ordinal")
        .values_list("revision", "annotation", "exact", "start")
    ):
        said = words[revision].get(annotation, "")
        words[revision][annotation] = f"{said} {exact}".strip() if start is not None else said
    changed = [
        annotation
        for annotation, was in words[before.pk].items()
        if was and not same_words(was, words[after.pk].get(annotation, ""))
    ]
    known = Ratings.load()
    appearances = Appearance.objects.filter(annotation__in=changed, claim__withdrawn_at=None).select_related(
        "claim"
    )
    reviews = known.current_of(appearance.claim_id for appearance in appearances)
    for appearance in appearances:
        was = words[before.pk][appearance.annotation_id]
        now = words[after.pk].get(appearance.annotation_id, "")
        yield TouchedClaim(
            claim=appearance.claim,
            url=appearance.claim.get_absolute_url(),
            badge=known.badge(reviews.get(appearance.claim_id)),
            was=was,
            now=now,
            pieces=tuple(word_diff(was, now)),
        )
