"""A claim as a card on somebody else's page, or the words of an article that make it.

A card shows how the claim stands today. Its address says which version of the rating stood there when it was
embedded (`v`, 0 if there was none): so the card can say what became of that one. A rating that is to be
checked again, or was withdrawn, is never worn; which one was withdrawn is not said again.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from newsroom.models import Annotation, Appearance, Article, Claim, Rectification, Target
from newsroom.text.fragments import folded, parsed

from . import ratings
from .annotated_article import may_be_named
from .claim import ClaimPage, ReviewView, versions_of
from .in_context import Passage, passages
from .ratings import Badge, Ratings
from .replied import StandingReply, replies_beside

#: Pixels that a card is wide if whoever embeds it names no other width.
WIDTH = 500
#: Pixels of static/css/embed.css, and how far words in the widest of its fonts run.
_BESIDE, _ROUND, _GAP, _HALF_A_WORD = 36, 36, 8, 26
#: The last lines: what leads to the claim's page; newsroom, day and whether this is a demonstration.
_FOOT, _SIGNED = "Evidence, reasons and history", 58
_VERSION = re.compile(r"[0-9]{1,4}")


@dataclass(frozen=True, slots=True)
class Change:
    """What became of the version that was embedded.

    `kind` is rated, updated, changed, stale, withdrawn, or gone if a later one was.
    """

    kind: str
    at: datetime
    #: How the superseded version was called; "" of one that is not said again.
    was: str = ""
    reason: str = ""
    reason_lang: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A rectification: whole where it stands, for a card cannot hold it and must not shorten it."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Card:
    claim: Claim
    #: The version that stands today, 0 if none does; it goes into the address of the card.
    version: int
    badge: Badge
    kind_label: str
    #: Its words may be shown: it is published, and not to be checked again.
    rated: ReviewView | None
    claimant: str
    claimant_lang: str
    change: Change | None = None
    #: Who answered in their own words: about the claim, of a passage about its article as well.
    answers: tuple[Answer, ...] = ()
    #: What those who were asked replied: it stands whole on the claim's page, to which the card leads.
    replies: tuple[StandingReply, ...] = ()
    #: The words in their sentence, if the card is of a passage.
    passage: Passage | None = None

    @property
    def url(self) -> str:
        return self.claim.get_absolute_url()

    @property
    def address(self) -> str:
        """Of the card as it is embedded today."""
        if self.passage is None:
            there = self.claim.address_under("reader:embed-claim", words=self.claim.text)
        else:
            slug = slugify(self.passage.words)[:60].strip("-") or "passage"
            there = reverse("reader:embed-passage", args=[f"{slug}-{self.passage.code}"])
        return f"{there}?v={self.version}"

    @property
    def title(self) -> str:
        """Names the frame. It is copied and stays: so it says no rating."""
        words = self.passage.words if self.passage else self.claim.text
        return (_("Passage: «%(words)s»") if self.passage else _("Claim: «%(words)s»")) % {"words": words}

    def height(self, width: int) -> int:
        """Pixels that hold the card at this width, about: no script tells the page round it its height."""
        rows = [
            (f"{self.badge.label} {self.kind_label}", 9.9, 26),
            (self.claim.text, 9.7, 23),
            (self._rated_or_why, 8.1, 23),
            (_(_FOOT), 7, 24),
            (" " * _SIGNED, 7, 24),
        ]
        if self.claimant:
            rows += [(f"{self.claimant}, {self.claim.date_in_words}", 8.1, 23)]
        if self.passage:
            sentence = f"{self.passage.before}{self.passage.words}{self.passage.after}"
            title = f"{self.passage.article_title}, {self.passage.article_date}"
            rows += [(sentence, 9.6, 26), (title, 7, 20)]
        if self.rated and self.badge.is_attribution:
            rows += [(" " * 30, 8.1, 23)]
        if self.rated and self.rated.review.facts_judged:
            rows += [(f"{self.rated.review.facts_judged}{' ' * 12}", 8.1, 23)]
        rows += [(f"{answer.name}{' ' * 40}", 8.1, 24) for answer in self.answers]
        rows += [(f"{reply.signature}{' ' * 40}", 8.1, 24) for reply in self.replies]
        if self.change:
            rows += [(f"{self.change.reason}{' ' * 90}", 8.6, 23)]
        # Lines end before the word that does not fit: half of a long one is lost to each.
        inside = max(width - _BESIDE - _HALF_A_WORD, 100)
        return _ROUND + sum(
            math.ceil(len(text) * character / inside) * line + _GAP for text, character, line in rows
        )

    @property
    def _rated_or_why(self) -> str:
        return self.rated.review.summary if self.rated else self.badge.meaning


def claim_card(claim: Claim, *, version: str = "", article: int | None = None) -> Card:
    """`claim` comes with its claimant from `Claim.objects.public()`. Three queries, or five.

    `article` is the key of the one round a passage.
    """
    known = Ratings.load()
    versions = versions_of(claim, known)
    current = next((view for view in versions if view.is_current), None)
    assignment = None if current else claim.assignments.open().first()
    claimant = claim.claimant if may_be_named(claim.claimant) else None
    return _card(
        claim,
        current,
        known.badge(current.review if current else assignment),
        claimant=claimant.name if claimant else "",
        claimant_lang=claimant.lang if claimant else "",
        answers=_answers(_rectifications(claim, article)),
        replies=replies_beside(claim.pk, current.review.pk) if current else (),
        change=_change(versions, current, version),
    )


def _rectifications(claim: Claim, article: int | None) -> Iterable[Rectification]:
    about = Q(flag__claim=claim) if article is None else Q(flag__claim=claim) | Q(flag__article=article)
    return Rectification.objects.standing().filter(about).select_related("flag__claim", "flag__article")


def _answers(rows: Iterable[Rectification]) -> tuple[Answer, ...]:
    return tuple(Answer(row.name, row.get_absolute_url()) for row in rows)


def card_of_page(page: ClaimPage) -> Card:
    """The card of a claim whose page is made already: no query."""
    return _card(
        page.claim,
        page.current,
        page.badge,
        claimant=page.claimant,
        claimant_lang=page.claimant_lang,
        answers=_answers(row for row in page.rectifications if row.withdrawn_at is None),
        replies=page.replies,
    )


def _card(
    claim: Claim,
    current: ReviewView | None,
    badge: Badge,
    *,
    claimant: str,
    claimant_lang: str,
    answers: tuple[Answer, ...],
    replies: tuple[StandingReply, ...],
    change: Change | None = None,
) -> Card:
    return Card(
        claim=claim,
        version=current.number if current else 0,
        badge=ratings.stale() if badge.stale else badge,
        kind_label=claim.get_kind_display() if claim.is_subjective else "",
        rated=None if badge.stale else current,
        claimant=claimant,
        claimant_lang=claimant_lang,
        answers=answers,
        replies=replies,
        change=change,
    )


def with_passage(card: Card, passage: Passage) -> Card:
    return replace(card, passage=passage)


def passage_card(annotation: Annotation, *, at: datetime, version: str = "") -> Card | None:
    """`annotation` comes from `claims_tagged()`. One query more; None of a text that is not ours to show.

    Words that are in their text no more leave the claim.
    """
    found = passages([annotation.pk], at=at)
    if found and not found[0].in_full:
        return None
    card = claim_card(annotation.appearance.claim, version=version, article=annotation.article_id)
    return with_passage(card, found[0]) if found else card


def _change(versions: list[ReviewView], current: ReviewView | None, asked: str) -> Change | None:
    """From the version that was embedded to how the claim stands; None if nothing became of it."""
    if not _VERSION.fullmatch(asked) or int(asked) > len(versions):
        return None
    was = versions[int(asked) - 1] if int(asked) else None
    if was is not None and was.is_withdrawn:
        return _withdrawn("withdrawn", was)
    if current is None:
        gone = [view for view in versions if view.is_withdrawn]
        return _withdrawn("gone", gone[-1]) if gone and was else None
    if current.badge.stale:
        # Who embedded it before it was rated reads on the card itself how it stands.
        return Change("stale", current.review.stale_at or current.review.published_at) if was else None
    if was is None:
        return Change("rated", current.review.published_at)
    if was.number == current.number:
        return None
    kind = "updated" if was.badge.label == current.badge.label else "changed"
    return Change(kind, current.review.published_at, was=was.badge.label)


def _withdrawn(kind: str, view: ReviewView) -> Change:
    review = view.review
    at = review.withdrawn_at or review.published_at
    return Change(kind, at, reason=review.withdrawal_reason, reason_lang=review.lang)


# Which passage


def claims_tagged(*, at: datetime) -> QuerySet[Annotation]:
    """Annotations that make claims, for everyone to see; with their claims, and not with their articles."""
    public = Appearance.objects.public(at=at).filter(claim__withdrawn_at=None)
    found = Annotation.objects.filter(kind=Annotation.Kind.CLAIM, pk__in=public.values("annotation"))
    return found.select_related("appearance__claim__claimant")


def annotation_at(article: Article, fragment: str, *, at: datetime) -> Annotation | None:
    """The claim that an address of the article leads to: by an element's id, by the words, or by both.

    Of several that the words could mean, the shortest is meant; None if it leads to no claim.
    """
    anchor, _mark, directives = fragment.partition(":~:")
    tagged = claims_tagged(at=at).filter(article=article)
    kind, _dash, code = anchor.partition("-")
    if kind in ("claim", "note"):
        # A claim that stands there again has its number behind the code.
        claims = Claim.objects.with_code(code.partition("-")[0])
        tagged = tagged.filter(appearance__claim__in=claims)
    placed = Target.objects.placed().current().filter(annotation__in=tagged, role=Target.Role.CONTENT)
    found = placed.order_by("start")
    key = _by_words(found, directives)
    if key is None and kind in ("claim", "note"):
        key = found.values_list("annotation", flat=True).first()
    return tagged.filter(pk=key).first() if key is not None else None


def _by_words(placed: QuerySet[Target], directives: str) -> int | None:
    directive = parsed(directives)
    if directive is None:
        return None
    prefix, opening, closing, suffix = map(folded, directive)
    best: tuple[int, int, int] | None = None
    for annotation, exact, before, after in placed.values_list("annotation", "exact", "prefix", "suffix"):
        words = folded(exact)
        if opening not in words or closing not in words:
            continue
        whole = words.startswith(opening) and words.endswith(closing or opening)
        near = _meet(folded(before).rstrip(), prefix, backwards=True) and _meet(
            folded(after).lstrip(), suffix
        )
        rank = (0 if whole and near else 1 if whole else 2, len(words), annotation)
        best = min(best, rank) if best else rank
    return best[2] if best else None


def _meet(stands: str, wanted: str, *, backwards: bool = False) -> bool:
    """Whether the shorter of the two is how the longer one begins, or ends."""
    short, long = sorted((stands, wanted), key=len)
    return long.endswith(short) if backwards else long.startswith(short)
