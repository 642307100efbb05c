"""A claim: its rating and how that changed, who said it, where, and on what evidence."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from newsroom.models import (
    Appearance,
    Attribution,
    Claim,
    DocumentCheck,
    Evidence,
    RatingLevel,
    Rectification,
    Review,
    StoredCopy,
    Target,
)
from newsroom.text.selectors import joined

from .annotated_article import Saying, evidence_line, may_be_named, page_of, reporter, speaker
from .flagging import PublicOutcome, outcomes_about
from .in_context import Passage, passages
from .ratings import Badge, Ratings
from .relations import RelatedLine, related_lines
from .replied import StandingReply, replies_beside
from .stale import ChangedWords, words_of

#: Places where a claim stands, on a page; words that somebody else said it with.
APPEARANCES_A_PAGE, SAYINGS = 20, 20


@dataclass(frozen=True, slots=True)
class ReviewView:
    """One version of a claim's rating, at an address that stays."""

    review: Review
    number: int
    url: str
    badge: Badge
    state_label: str
    scale: str
    reviewer: str
    approver: str
    is_current: bool
    is_withdrawn: bool


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """`copy` is the copy that the desk keeps, of which readers see date and hash; `check` the last look."""

    item: Evidence
    copy: StoredCopy | None
    check: DocumentCheck | None

    @property
    def is_doubtful(self) -> bool:
        return self.check is not None and self.check.finding in DocumentCheck.DOUBTFUL


@dataclass(frozen=True, slots=True)
class EvidenceGroup:
    stance: str
    label: str
    items: tuple[EvidenceView, ...]


@dataclass(frozen=True, slots=True)
class AppearanceLine:
    """`url` names the place for machines; `place_url` leads a browser to the words."""

    passage: Passage
    url: str
    anchor: str

    @property
    def place_url(self) -> str:
        return self.passage.place_from(self.anchor)


@dataclass(frozen=True, slots=True)
class ClaimPage:
    claim: Claim
    url: str
    kind_label: str
    badge: Badge
    current: ReviewView | None
    changed: ChangedWords | None
    history: tuple[ReviewView, ...]
    claimant: str
    claimant_lang: str
    claimant_url: str
    wordings: tuple[tuple[str, str], ...]
    appearances: tuple[AppearanceLine, ...]
    pages: Page
    says: tuple[Saying, ...]
    evidence: tuple[EvidenceGroup, ...]
    evidence_line: str
    related: tuple[RelatedLine, ...]
    levels: tuple[RatingLevel, ...]
    rectifications: tuple[Rectification, ...]
    #: What came of what readers flagged here.
    outcomes: tuple[PublicOutcome, ...]
    #: Beside a rating alone: what is not rated yet is replied to in private.
    replies: tuple[StandingReply, ...] = ()

    @property
    def id(self) -> str:
        return f"claim-card-{self.claim.code}"

    @property
    def address(self) -> str:
        """What stands under `/claims/`."""
        return self.url.rstrip("/").rpartition("/")[2]

    @property
    def unopened(self) -> int:
        """How many items of evidence nobody here has opened."""
        return sum(
            view.item.checked not in Evidence.OPENED for group in self.evidence for view in group.items
        )


def claim_page(claim: Claim, *, at: datetime, number: str = "1") -> ClaimPage:
    """Everything public about one claim. `claim` comes from `Claim.objects.public()`.

    `number` is of the page of the places where it stands; one that is none shows the first.
    """
    known = Ratings.load()
    reviews = versions_of(claim, known)
    current = next((view for view in reviews if view.is_current), None)
    evidence = list(claim.evidence.standing().select_related("document"))
    claimant = claim.claimant if may_be_named(claim.claimant) else None
    assignment = None if current else claim.assignments.open().first()
    standing = Appearance.objects.public(at=at).filter(claim=claim)
    standing = standing.order_by("-annotation__article__published_at", "annotation__article", "annotation")
    pages = Paginator(standing.values_list("annotation", flat=True), APPEARANCES_A_PAGE).get_page(number)
    return ClaimPage(
        claim=claim,
        url=claim.get_absolute_url(),
        kind_label=claim.get_kind_display(),
        badge=known.badge(current.review if current else assignment),
        current=current,
        changed=words_of(current.review, at=at) if current and current.badge.stale else None,
        history=tuple(reversed(reviews)),
        claimant=claimant.name if claimant else "",
        claimant_lang=claimant.lang if claimant else "",
        claimant_url=page_of(claimant),
        wordings=tuple(claim.wordings.order_by("lang").values_list("lang", "text")),
        appearances=tuple(
            AppearanceLine(passage, f"{passage.article_url}#claim-{claim.code}", f"claim-{claim.code}")
            for passage in passages(list(pages), at=at)
        ),
        pages=pages,
        says=tuple(_sayings(claim, at=at)),
        evidence=tuple(by_stance(evidence)),
        evidence_line=evidence_line(Counter(item.stance for item in evidence)),
        related=related_lines(claim, known, at=at),
        levels=tuple(known.levels_beside(current.review.level_id) if current else ()),
        rectifications=tuple(Rectification.objects.about(claim)),
        outcomes=outcomes_about(claim),
        replies=replies_beside(claim.pk, current.review.pk) if current else (),
    )


def versions_of(claim: Claim, known: Ratings) -> list[ReviewView]:
    """All versions of the claim's rating, the first one first: one query."""
    reviews = claim.reviews.versions().select_related(
        "level__scale", "author", "approver", "revision", "request", "claim__claimant"
    )
    return [_review_view(review, number, known) for number, review in enumerate(reviews, start=1)]


def _review_view(review: Review, number: int, known: Ratings) -> ReviewView:
    states = {
        Review.State.STALE: _("To be checked again"),
        Review.State.SUPERSEDED: _("Superseded"),
        Review.State.WITHDRAWN: pgettext("review", "Withdrawn"),
    }
    scale = review.level.scale
    return ReviewView(
        review=review,
        number=number,
        url=review.get_absolute_url(),
        badge=known.badge(review),
        state_label=str(states.get(review.state, "")),
        scale=_("%(name)s, version %(number)d") % {"name": scale.name, "number": scale.version},
        reviewer=review.author.public_name,
        approver=review.approver.public_name if review.approver else "",
        is_current=review.is_current,
        is_withdrawn=review.state == Review.State.WITHDRAWN,
    )


def by_stance(evidence: list[Evidence]):
    labels = {
        Evidence.Stance.SUPPORTS: pgettext("evidence", "In support"),
        Evidence.Stance.REFUTES: pgettext("evidence", "Against"),
        Evidence.Stance.CONTEXT: pgettext("evidence", "Context"),
    }
    copies, checks = _kept_of(evidence), _last_looks_at(evidence)
    for stance, label in labels.items():
        items = tuple(
            EvidenceView(item, copies.get(item.document_id), checks.get(item.document_id))
            for item in evidence
            if item.stance == stance
        )
        if items:
            yield EvidenceGroup(stance, label, items)


def _kept_of(evidence: list[Evidence]) -> dict[int, StoredCopy]:
    """The newest copy of each document."""
    kept = StoredCopy.objects.kept().only("document", "kept_at", "sha256")
    found = kept.filter(document__in={item.document_id for item in evidence})
    return {copy.document_id: copy for copy in found.reverse()}


def _last_looks_at(evidence: list[Evidence]) -> dict[int, DocumentCheck]:
    """The last look at each document that told something."""
    told = DocumentCheck.objects.telling().only("document", "checked_at", "finding")
    found = told.filter(document__in={item.document_id for item in evidence})
    return {check.document_id: check for check in found.reverse()}


def _sayings(claim: Claim, *, at: datetime):
    attributions = (
        Attribution.objects.public(at=at)
        .filter(claim=claim)
        .select_related("source", "parent__source", "parent__annotation", "annotation__article")
        .order_by("-annotation__article__published_at", "pk")[:SAYINGS]
    )
    places = defaultdict(list)
    for target in (
        Target.objects.placed().current().filter(annotation__in=[row.annotation_id for row in attributions])
    ).order_by("ordinal"):
        places[target.annotation_id].append(target)
    for attribution in attributions:
        targets = places[attribution.annotation_id]
        words = {role: joined(t.exact for t in targets if t.role == role) for role in ("cue", "content")}
        if not words["content"]:
            continue
        yield Saying(
            source_name=speaker(attribution),
            is_named=may_be_named(attribution.source),
            source_url=page_of(attribution.source),
            cue=words["cue"],
            content=words["content"],
            quote_type_label=attribution.get_quote_type_display(),
            parent=reporter(attribution),
            mark_id="",
            note=None,
        )
