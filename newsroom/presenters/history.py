"""An article's history: every public revision, and what changed between two of them."""

from __future__ import annotations

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
    revisions: tuple[Revision, ...]


def public_revisions(article: Article) -> list[Revision]:
    """The texts that readers could see, oldest first: the one that was published, and all since."""
    revisions = list(
        Revision.objects.filter(article=article)
        .defer("html", "blocks")
        .select_related("by")
        .order_by("number")
    )
    replaced = {before.pk: after.at for before, after in pairwise(revisions)}
    return [
        revision
        for revision in revisions
        if revision.pk not in replaced
        or (article.published_at and replaced[revision.pk] > article.published_at)
    ]


def ceased_at(revision: Revision) -> datetime | None:
    """When the next revision took its place; None for the current one."""
    return (
        Revision.objects.filter(article=revision.article_id, number=revision.number + 1)
        .values_list("at", flat=True)
        .first()
    )


def history_page(article: Article) -> HistoryPage:
    revisions = public_revisions(article)
    touched = {
        correction.after_id: len(correction.claims.all())
        for correction in Correction.objects.filter(article=article).prefetch_related("claims")
    }
    earlier = {after.pk: before for before, after in pairwise(revisions)}
    return HistoryPage(
        article,
        tuple(
            RevisionLine(
                revision=revision,
                url=reverse("reader:revision", args=[article.slug, revision.number]),
                changes_url=(
                    reverse(
                        "reader:changes", args=[article.slug, earlier[revision.pk].number, revision.number]
                    )
                    if revision.pk in earlier
                    else ""
                ),
                claims_touched=touched.get(revision.pk, 0),
                is_current=revision.pk == article.current_revision_id,
            )
            for revision in reversed(revisions)
        ),
    )


def changes_page(
    article: Article, before: Revision, after: Revision, *, revisions: list[Revision], in_full: bool
) -> ChangesPage:
    """What changed from one public revision to another; without the right to the whole text, claims alone."""
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
        revisions=tuple(revisions),
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
