"""An article's history: every public revision, and what changed between two of them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from newsroom.models import (
    Annotation,
    Appearance,
    Article,
    Claim,
    Correction,
    Rectification,
    Revision,
    Target,
)
from newsroom.text.changes import Passage, Piece, passages, same_words, word_diff
from newsroom.text.selectors import joined

from .ratings import Badge, Ratings

#: How the number of a revision is written in an address.
NUMBER = r"[1-9][0-9]{0,8}"


@dataclass(frozen=True, slots=True)
class RevisionLine:
    """One text of an article; `at` and `kind_label` say since when, and as what, it is there to be read."""

    revision: Revision
    at: datetime
    kind_label: str
    note: str
    returns_to: int | None
    url: str
    changes_url: str
    claims_touched: int
    is_current: bool


@dataclass(frozen=True, slots=True)
class HistoryPage:
    article: Article
    revisions: tuple[RevisionLine, ...]
    #: What those who are named answer; the desk, which sees drafts too, is not shown them here.
    rectifications: tuple[Rectification, ...] = ()


@dataclass(frozen=True, slots=True)
class TouchedClaim:
    """A claim whose words are not the same in two revisions. Without a public page it has no `url`."""

    claim: Claim
    url: str
    badge: Badge
    pieces: tuple[Piece, ...]
    is_gone: bool


@dataclass(frozen=True, slots=True)
class ChangesPage:
    article: Article
    before: Revision
    after: Revision
    in_full: bool
    passages: tuple[Passage, ...]
    claims: tuple[TouchedClaim, ...]
    corrections: tuple[Correction, ...]
    rectifications: tuple[Rectification, ...]


def public_revisions(article: Article) -> list[Revision]:
    """The texts that readers could see, oldest first: the one that was published, and all since."""
    revisions = _revisions(article)
    replaced = {before.pk: after.at for before, after in pairwise(revisions)}
    return [
        revision
        for revision in revisions
        if revision.pk not in replaced or article.has_had_readers(at=replaced[revision.pk])
    ]


def _revisions(article: Article) -> list[Revision]:
    revisions = Revision.objects.filter(article=article).defer("html", "text", "blocks")
    return list(revisions.select_related("by", "reverts").order_by("number"))


def changes_address(view: str, slug: str, query: Mapping[str, str]) -> str:
    """The page of what changed between the revisions `before` and `after` of a query string, in either order.

    "" if they are no two numbers.
    """
    given = query.get("before", ""), query.get("after", "")
    numbers = sorted({int(value) for value in given if re.fullmatch(NUMBER, value)})
    return reverse(view, args=[slug, *numbers]) if len(numbers) == 2 else ""


def ceased_at(revision: Revision) -> datetime | None:
    """When the next revision took its place; None for the current one."""
    return (
        Revision.objects.filter(article=revision.article_id, number=revision.number + 1)
        .values_list("at", flat=True)
        .first()
    )


def history_page(article: Article) -> HistoryPage:
    """What readers could see. Of the drafts before the first of them the history says nothing."""
    views = "reader:article", "reader:revision", "reader:changes"
    first, *others = _lines(article, public_revisions(article), *views)
    published = replace(
        first,
        at=max(article.published_at or first.at, first.at),
        kind_label=_("as first published"),
        note="",
        returns_to=None,
    )
    return HistoryPage(article, (*reversed(others), published), tuple(Rectification.objects.about(article)))


def revisions_page(article: Article) -> HistoryPage:
    """What the desk can see: drafts as well."""
    lines = _lines(article, _revisions(article), "desk:article", "desk:revert", "desk:changes")
    return HistoryPage(article, tuple(reversed(list(lines))))


def _lines(
    article: Article, revisions: list[Revision], current: str, earlier: str, changes: str
) -> Iterable[RevisionLine]:
    """The revisions in their order. The names are of the views of the current one, of an earlier one, and of
    what changed from one to the next."""
    corrections = Correction.objects.filter(article=article).annotate(touched=Count("claims"))
    touched = dict(corrections.order_by().values_list("after", "touched"))
    before: Revision | None = None
    for revision in revisions:
        is_current = revision.pk == article.current_revision_id
        text = reverse(current, args=[article.slug])
        if not is_current:
            text = reverse(earlier, args=[article.slug, revision.number])
        between = [article.slug, before.number, revision.number] if before else None
        yield RevisionLine(
            revision=revision,
            at=revision.at,
            kind_label=revision.get_kind_display(),
            note=revision.note,
            returns_to=revision.reverts.number if revision.reverts else None,
            url=text,
            changes_url=reverse(changes, args=between) if between else "",
            claims_touched=touched.get(revision.pk, 0),
            is_current=is_current,
        )
        before = revision


def changes_page(
    article: Article, before: Revision, after: Revision, *, in_full: bool, at: datetime
) -> ChangesPage:
    """What changed from one revision to another; without the right to the whole text, the claims alone."""
    return ChangesPage(
        article=article,
        before=before,
        after=after,
        in_full=in_full,
        passages=tuple(passages(before.text, after.text)) if in_full else (),
        claims=tuple(_touched(before, after, at=at)),
        corrections=tuple(
            Correction.objects.filter(
                article=article, after__number__gt=before.number, after__number__lte=after.number
            ).order_by("at", "pk")
        ),
        rectifications=tuple(Rectification.objects.about(article)),
    )


def _touched(before: Revision, after: Revision, *, at: datetime) -> Iterable[TouchedClaim]:
    """Of the claims that both revisions carry. One that was withdrawn in between did not change: it went."""
    was, now = _words_of_claims(before), _words_of_claims(after)
    changed = [
        annotation
        for annotation in was.keys() & now.keys()
        if was[annotation] and not same_words(was[annotation], now[annotation])
    ]
    appearances = list(
        Appearance.objects.filter(annotation__in=changed, claim__withdrawn_at=None)
        .select_related("claim")
        .order_by("annotation")
    )
    claims = {appearance.claim_id for appearance in appearances}
    shown = set(Claim.objects.public(at=at).filter(pk__in=claims).values_list("pk", flat=True))
    known = Ratings.load()
    reviews = known.current_of(claims)
    for appearance in appearances:
        claim, annotation = appearance.claim, appearance.annotation_id
        yield TouchedClaim(
            claim=claim,
            url=claim.get_absolute_url() if claim.pk in shown else "",
            badge=known.badge(reviews.get(claim.pk)),
            pieces=tuple(word_diff(was[annotation], now[annotation])),
            is_gone=not now[annotation],
        )


def _words_of_claims(revision: Revision) -> dict[int, str]:
    """By annotation, the words on which claims stand, or stood, for readers; "" where they are gone."""
    words: dict[int, list[str]] = defaultdict(list)
    targets = Target.objects.filter(
        revision=revision,
        role=Target.Role.CONTENT,
        annotation__kind=Annotation.Kind.CLAIM,
        annotation__state__in=[Annotation.State.ACCEPTED, Annotation.State.WITHDRAWN],
    )
    for annotation, exact, start in targets.order_by("ordinal").values_list("annotation", "exact", "start"):
        words[annotation] += [exact] if start is not None else []
    return {annotation: joined(said) for annotation, said in words.items()}
