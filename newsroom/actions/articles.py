"""Articles: made, revised, published, withdrawn, moved to another address."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from newsroom.models import (
    Annotation,
    Article,
    ArticleAddress,
    Claim,
    Correction,
    Flag,
    Original,
    Reading,
    Revision,
    User,
)
from newsroom.models.article import RESERVED_SLUGS
from newsroom.text import document
from newsroom.text.document import Document

from . import carrying, reviews
from .deeds import record
from .refusals import Outdated, Refused, require
from .suggestions.retiring import retire


@transaction.atomic
def create(*, html: str, by: User, at: datetime, original: Original | None = None, **fields: Any) -> Article:
    """A draft with its first revision. `fields` are the article's; without a slug a free one is made.

    `original` is what it was made of: the article can be made of it once.
    """
    require(by, "add_article")
    if original is not None:
        original = Original.objects.select_for_update().get(pk=original.pk)
        if original.state != Original.State.READY:
            raise Refused(_("An article was made of this already, or it has not been read yet."), code="used")
    article = Article(**fields)
    article.slug = article.slug or _free_slug(article.headline)
    article.full_clean(exclude=["current_revision"])
    if ArticleAddress.objects.filter(slug=article.slug).exists():
        raise Refused(_("Another article had this address before."), code="slug")
    article.save()
    article.current_revision = _write(
        article, document.parse(html), kind=Revision.Kind.FIRST, note="", by=by, at=at
    )
    article.save(update_fields=["current_revision"])
    if original is not None:
        original.state, original.article = Original.State.USED, article
        original.save(update_fields=["state", "article"])
    objects = [article] if original is None else [article, original]
    record("article.create", by=by, at=at, article=article, objects=objects, after={"slug": article.slug})
    return article


@transaction.atomic
def revise(
    article: Article,
    *,
    html: str,
    kind: str,
    note: str,
    by: User,
    at: datetime,
    based_on: int,
    reverts: Revision | None = None,
) -> Revision:
    """A new text for an article; its annotations are carried along or say that they cannot be.

    `kind` is a minor edit, whose `note` is the reason, or a correction, whose `note` is public; of a draft,
    which nobody has read, there are no corrections. `based_on` is the number of the revision that was being
    edited: if it is not current any more, `Outdated` is raised and nothing is written. An unchanged text is
    refused.
    """
    require(by, "revise_article")
    article = Article.objects.for_change().get(pk=article.pk)
    before = article.current_revision
    if before.number != based_on:
        raise Outdated(before)
    if kind not in (Revision.Kind.MINOR, Revision.Kind.CORRECTION):
        raise Refused(_("Say whether this is a minor edit or a correction."), code="kind")
    if kind == Revision.Kind.CORRECTION and not article.has_had_readers(at=at):
        raise Refused(_("Nobody has read this draft yet: there is nothing to correct."), code="kind")
    if not note.strip():
        raise Refused(_("A change of the text needs its reason, a correction its public note."), code="note")
    parsed = document.parse(html)
    if document.write(parsed) == before.html:
        raise Refused(_("The text is the same as before."), code="unchanged")

    after = _write(
        article,
        parsed,
        kind=kind,
        note=note.strip(),
        by=by,
        at=at,
        number=before.number + 1,
        reverts=reverts,
    )
    touched = carrying.carry(article, before, after)
    carrying.carry_flags(Flag.objects.carried().filter(article=article), before, after)
    ended = retire(after, at=at)
    article.current_revision = after
    article.save(update_fields=["current_revision"])
    judged = reviews.follow_words(article, by=by, at=at)
    if kind == Revision.Kind.CORRECTION:
        correction = Correction.objects.create(
            article=article, before=before, after=after, lang=article.lang, note=note.strip(), by=by, at=at
        )
        # What a program only suggested is not for readers, and a correction is.
        accepted = Annotation.objects.public().filter(pk__in=touched)
        correction.claims.set(Claim.objects.filter(appearances__annotation__in=accepted))
    record(
        "article.revise",
        by=by,
        at=at,
        article=article,
        objects=[article, after, *judged],
        before={"number": before.number, "sha256": before.sha256},
        after={"number": after.number, "sha256": after.sha256, "kind": kind, "note": note.strip()}
        | ({"suggestions_ended": ended} if ended else {}),
    )
    return after


@transaction.atomic
def revert(
    article: Article, *, to: Revision, kind: str, note: str, by: User, at: datetime, based_on: int
) -> Revision:
    """The text of an earlier revision, as a new one: annotations return to where they were confirmed."""
    if to.article_id != article.pk:
        raise Refused(_("This is a text of another article."), code="article")
    return revise(article, html=to.html, kind=kind, note=note, by=by, at=at, based_on=based_on, reverts=to)


@transaction.atomic
def edit(article: Article, *, changes: Mapping[str, Any], by: User, at: datetime) -> Article:
    """Changes what surrounds the text. A new slug leaves the old one behind as a redirect."""
    require(by, "change_article")
    article = Article.objects.select_for_update().get(pk=article.pk)
    before = {name: getattr(article, name) for name in changes}
    for name, value in changes.items():
        setattr(article, name, value)
    article.full_clean(exclude=["current_revision"])
    if "slug" in changes and before["slug"] != article.slug:
        if ArticleAddress.objects.filter(slug=article.slug).exclude(article=article).exists():
            raise Refused(_("Another article had this address before."), code="slug")
        ArticleAddress.objects.filter(article=article, slug=article.slug).delete()
        ArticleAddress.objects.create(article=article, slug=before["slug"])
    article.save()
    record(
        "article.edit", by=by, at=at, article=article, objects=[article], before=before, after=dict(changes)
    )
    return article


@transaction.atomic
def publish(article: Article, *, by: User, at: datetime) -> Article:
    require(by, "publish_article")
    article = Article.objects.select_for_update().get(pk=article.pk)
    if article.is_withdrawn:
        raise Refused(_("This article was withdrawn."), code="withdrawn")
    if article.published_at is not None:
        raise Refused(_("This article is public already."), code="published")
    article.published_at = at
    article.save(update_fields=["published_at"])
    record("article.publish", by=by, at=at, article=article, objects=[article])
    return article


@transaction.atomic
def withdraw(article: Article, *, reason: str, by: User, at: datetime) -> Article:
    """Takes a public article back: its address answers 410 and gives the reason."""
    require(by, "publish_article")
    article = Article.objects.select_for_update().get(pk=article.pk)
    if article.published_at is None or article.is_withdrawn:
        raise Refused(_("Only a public article can be withdrawn."), code="state")
    if not reason.strip():
        raise Refused(_("Say why it is withdrawn: readers will see the reason."), code="reason")
    article.withdrawn_at, article.withdrawal_reason = at, reason.strip()
    article.save(update_fields=["withdrawn_at", "withdrawal_reason"])
    record(
        "article.withdraw", by=by, at=at, article=article, objects=[article], after={"reason": reason.strip()}
    )
    return article


def _write(
    article: Article,
    parsed: Document,
    *,
    kind: str,
    note: str,
    by: User,
    at: datetime,
    number: int = 1,
    reverts: Revision | None = None,
) -> Revision:
    if not parsed.text:
        raise Refused(_("The text is empty."), code="empty")
    revision = Revision.objects.create(
        article=article,
        number=number,
        html=document.write(parsed),
        text=parsed.text,
        blocks=parsed.to_data(),
        sha256=hashlib.sha256(parsed.text.encode()).hexdigest(),
        kind=kind,
        note=note,
        reverts=reverts,
        by=by,
        at=at,
    )
    Reading.objects.create(revision=revision, at=at)
    return revision


def _free_slug(headline: str) -> str:
    base = slugify(headline)[:100].strip("-") or "articolo"
    taken = RESERVED_SLUGS | set(Article.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    taken |= set(ArticleAddress.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    slug, count = base, 1
    while slug in taken:
        count += 1
        slug = f"{base}-{count}"
    return slug
