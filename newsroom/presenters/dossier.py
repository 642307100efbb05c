"""What a dossier tells of a claim: how it stood at a moment, by the history of its rows.

A row that was loaded with its newsroom has no history before its first change: until then it was as it is, or
as its own dates say. Of sources it names those alone that have a page of their own: who is confidential, for
the desk alone or known by a pseudonym is left out, and so is what they said. The desk's notes and comments
are no part of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from newsroom.models import (
    Annotation,
    Appearance,
    Article,
    Attribution,
    Claim,
    Deed,
    Document,
    DocumentCheck,
    Evidence,
    Newsroom,
    Reply,
    Review,
    Revision,
    Rights,
    Source,
    StoredCopy,
    Target,
    User,
)
from newsroom.text.selectors import joined

from .as_it_was import as_it_was, evidence_then
from .desk import in_words
from .ratings import Badge, Ratings

#: Rights under which a copy may go along.
_MAY_GO_ALONG = {Rights.OURS, Rights.LICENSED}
#: What of the log belongs to a claim's story.
_TOLD = ("review.", "evidence.", "document.", "copy.", "check.", "claim.", "request.", "assignment.")


@dataclass(frozen=True, slots=True)
class AppearanceThen:
    """`words` as they stood in `revision`, which was the text at the moment."""

    article: Article
    revision: Revision
    words: str


@dataclass(frozen=True, slots=True)
class SayingThen:
    source: Source
    cue: str
    content: str
    article: Article


@dataclass(frozen=True, slots=True)
class ReviewThen:
    review: Review
    badge: Badge
    state: str
    author: str
    approver: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class CopyThen:
    copy: StoredCopy
    #: Its name within the dossier; "" if it does not go along.
    name: str


@dataclass(frozen=True, slots=True)
class EvidenceThen:
    item: Evidence
    document: Document
    copies: tuple[CopyThen, ...]
    checks: tuple[DocumentCheck, ...]


@dataclass(frozen=True, slots=True)
class RequestThen:
    """Without `answered_at` nothing was noted yet; with it and without an answer none had come by then."""

    asked: str
    how: str
    asked_at: datetime
    answer: str
    answered_at: datetime | None
    #: Of a reply by private link what was decided by then; its words are in `answer` if it was accepted.
    reply: str = ""


@dataclass(frozen=True, slots=True)
class DeedThen:
    at: datetime
    who: str
    verb: str
    words: str


@dataclass(frozen=True, slots=True)
class DossierPage:
    claim: Claim
    at: datetime
    newsroom: Newsroom
    address: str
    claimant: Source | None
    badge: Badge
    current: ReviewThen | None
    reviews: tuple[ReviewThen, ...]
    evidence: tuple[EvidenceThen, ...]
    appearances: tuple[AppearanceThen, ...]
    sayings: tuple[SayingThen, ...]
    requests: tuple[RequestThen, ...]
    deeds: tuple[DeedThen, ...]

    @property
    def copies(self) -> list[CopyThen]:
        """Those that go along, each once."""
        found = {copy.name: copy for item in self.evidence for copy in item.copies if copy.name}
        return [found[name] for name in sorted(found)]

    def about(self) -> dict[str, Any]:
        return {
            "newsroom": {"name": self.newsroom.name, "address": self.newsroom.address},
            "claim": {"uuid": str(self.claim.uuid), "text": self.claim.text, "lang": self.claim.lang},
            "as_of": self.at.isoformat(),
        }

    def data(self) -> dict[str, Any]:
        """The same for machines."""
        return {
            **self.about(),
            "kind": self.claim.kind,
            "address": self.address,
            "claimant": self.claimant and self.claimant.name,
            "reviews": [_review_data(view) for view in self.reviews],
            "evidence": [_evidence_data(view) for view in self.evidence],
            "appearances": [
                {
                    "headline": line.article.headline,
                    "original_url": line.article.original_url,
                    "revision": line.revision.number,
                    "revision_sha256": line.revision.sha256,
                    "words": line.words,
                }
                for line in self.appearances
            ],
            "attributions": [
                {"source": line.source.name, "cue": line.cue, "content": line.content}
                for line in self.sayings
            ],
            "requests": [
                {
                    "asked": line.asked,
                    "how": line.how,
                    "asked_at": line.asked_at.isoformat(),
                    "answer": line.answer,
                    "answered_at": line.answered_at and line.answered_at.isoformat(),
                    "reply": line.reply,
                }
                for line in self.requests
            ],
            "deeds": [{"at": deed.at.isoformat(), "who": deed.who, "verb": deed.verb} for deed in self.deeds],
        }


def dossier_page(claim: Claim, *, at: datetime, newsroom: Newsroom, ending: Any) -> DossierPage | None:
    """How a claim stood at a moment; None if it was not there yet. `ending` names a file by its type."""
    [*then] = as_it_was([claim], at)
    if not then:
        return None
    [claim_then] = then
    known = Ratings.load()
    reviews = tuple(_reviews(claim, known, at))
    evidence = tuple(_evidence(claim, at, ending))
    current = next((view for view in reviews if view.is_current), None)
    rows = [claim, *(v.review for v in reviews), *(v.item for v in evidence), *(v.document for v in evidence)]
    return DossierPage(
        claim=claim_then,
        at=at,
        newsroom=newsroom,
        address=newsroom.address + claim.get_absolute_url(),
        claimant=claim_then.claimant if _is_named(claim_then.claimant) else None,
        badge=current.badge if current else known.badge(None),
        current=current,
        reviews=reviews,
        evidence=evidence,
        appearances=tuple(_appearances(claim, at)),
        sayings=tuple(_sayings(claim, at)),
        requests=tuple(_requests(claim, at)),
        deeds=tuple(_deeds(rows, at)),
    )


def _reviews(claim: Claim, known: Ratings, at: datetime) -> Iterable[ReviewThen]:
    """The newest first: those that readers saw, and those that were only proposed."""
    kept = {review.pk: review for review in claim.reviews.filter(proposed_at__lte=at)}
    then = as_it_was(kept.values(), at)
    people = User.objects.in_bulk({key for review in then for key in (review.author_id, review.approver_id)})
    for review in then:
        _by_its_own_dates(review, kept[review.pk], at)
    states = dict(Review.State.choices)
    for review in sorted(then, key=lambda r: (r.published_at or r.proposed_at, r.pk), reverse=True):
        yield ReviewThen(
            review=review,
            badge=known.badge(review),
            state=str(states[review.state]),
            author=str(people[review.author_id]),
            approver=str(people[review.approver_id]) if review.approver_id else "",
            is_current=review.is_current,
        )


def _by_its_own_dates(review: Review, now: Review, at: datetime) -> None:
    """What happened after the moment has not happened yet, also where no history tells of it."""
    superseding = Review.objects.filter(supersedes=now).first()
    if review.state == Review.State.SUPERSEDED and superseding and superseding.published_at > at:
        review.state = Review.State.PUBLISHED
    if review.state == Review.State.STALE and review.stale_at > at:
        review.state, review.stale_cause, review.stale_at = Review.State.PUBLISHED, "", None
    if review.published_at and review.published_at > at:
        review.state, review.published_at = Review.State.APPROVED, None
    if review.state == Review.State.APPROVED and (review.approved_at is None or review.approved_at > at):
        review.state, review.approver_id, review.approved_at = Review.State.PROPOSED, None, None


def _evidence(claim: Claim, at: datetime, ending: Any) -> Iterable[EvidenceThen]:
    then = evidence_then(claim.pk, at)
    documents = {document.pk: document for _item, document in then}
    copies: dict[int, list[CopyThen]] = defaultdict(list)
    for copy in StoredCopy.objects.kept().without_texts().filter(document__in=documents, kept_at__lte=at):
        goes_along = documents[copy.document_id].rights in _MAY_GO_ALONG
        name = f"{copy.code}{ending(copy.content_type)}" if goes_along else ""
        copies[copy.document_id].append(CopyThen(copy, name))
    checks: dict[int, list[DocumentCheck]] = defaultdict(list)
    for check in DocumentCheck.objects.filter(document__in=documents, checked_at__lte=at).order_by(
        "-checked_at"
    ):
        checks[check.document_id].append(check)
    for item, document in then:
        yield EvidenceThen(item, document, tuple(copies[document.pk]), tuple(checks[document.pk]))


def _appearances(claim: Claim, at: datetime) -> Iterable[AppearanceThen]:
    annotations = _public_then(
        Annotation.objects.filter(pk__in=Appearance.objects.filter(claim=claim).values("annotation")), at
    )
    for annotation, revision, targets in _in_their_texts(annotations, at):
        if words := joined(t.exact for t in targets if t.role == Target.Role.CONTENT):
            yield AppearanceThen(annotation.article, revision, words)


def _sayings(claim: Claim, at: datetime) -> Iterable[SayingThen]:
    said = {
        attribution.annotation_id: attribution
        for attribution in Attribution.objects.filter(claim=claim).select_related("source__confidential")
        if _is_named(attribution.source)
    }
    annotations = _public_then(Annotation.objects.filter(pk__in=said), at)
    for annotation, _revision, targets in _in_their_texts(annotations, at):
        words = {role: joined(t.exact for t in targets if t.role == role) for role in ("cue", "content")}
        if words["content"]:
            source = said[annotation.pk].source
            yield SayingThen(source, words["cue"], words["content"], annotation.article)


def _requests(claim: Claim, at: datetime) -> Iterable[RequestThen]:
    """Those that were noted by then, but of a source that is not named."""
    for request in claim.requests.filter(at__lte=at).select_related("source__confidential", "reply"):
        if request.source is None or _is_named(request.source):
            answered = request.answered_at is not None and request.answered_at <= at
            reply = getattr(request, "reply", None) if answered else None
            decided = reply is not None and reply.decided_at is not None and reply.decided_at <= at
            public = reply is None or (decided and reply.state == Reply.State.ACCEPTED)
            yield RequestThen(
                request.asked,
                request.how,
                request.asked_at,
                request.answer if answered and public else "",
                request.answered_at if answered else None,
                _reply_then(reply, decided=decided) if reply else "",
            )


def _reply_then(reply: Reply, *, decided: bool) -> str:
    """What was made of a reply, without a word of it."""
    if reply.state == Reply.State.REFUSED and decided:
        return _("A reply came and was refused: %(ground)s.") % {"ground": reply.get_ground_display()}
    if reply.state == Reply.State.ACCEPTED and decided:
        return _("A reply came and was accepted.")
    if reply.state == Reply.State.KEPT:
        return _("The opinion of an expert came, for the desk alone.")
    return _("A reply came and was not decided on yet.")


def _is_named(source: Source | None) -> bool:
    """Whether readers have a page of it, and nothing about it is confidential."""
    return source is not None and source.has_page and not hasattr(source, "confidential")


def _public_then(annotations: QuerySet[Annotation], at: datetime) -> list[Annotation]:
    """Those that readers saw in an article that was public."""
    accepted = Q(state=Annotation.State.ACCEPTED) | Q(state=Annotation.State.WITHDRAWN, withdrawn_at__gt=at)
    public = Q(article__withdrawn_at=None) | Q(article__withdrawn_at__gt=at)
    return list(
        annotations.filter(accepted, public, at__lte=at, article__published_at__lte=at)
        .select_related("article")
        .order_by("article", "pk")
    )


def _in_their_texts(
    annotations: list[Annotation], at: datetime
) -> Iterable[tuple[Annotation, Revision, list[Target]]]:
    """Each with the text that its article had then, and its places in it."""
    revisions: dict[int, Revision] = {}
    articles = {annotation.article_id for annotation in annotations}
    for revision in Revision.objects.filter(article__in=articles, at__lte=at).order_by("number"):
        revisions[revision.article_id] = revision
    targets: dict[int, list[Target]] = defaultdict(list)
    placed = Target.objects.placed().filter(
        annotation__in=annotations, revision__in=[revision.pk for revision in revisions.values()]
    )
    for target in placed.order_by("role", "ordinal"):
        targets[target.annotation_id].append(target)
    for annotation in annotations:
        if annotation.article_id in revisions:
            yield annotation, revisions[annotation.article_id], targets[annotation.pk]


def _deeds(rows: Iterable[Any], at: datetime) -> Iterable[DeedThen]:
    """Who did what and when; what they wrote stands in the rows."""
    touching = Q()
    for uuid in {str(row.uuid) for row in rows}:
        touching |= Q(names__contains=uuid)
    told = Q()
    for beginning in _TOLD:
        told |= Q(verb__startswith=beginning)
    deeds = (
        Deed.objects.filter(told, at__lte=at)
        .alias(names=Cast("objects_touched", TextField()))
        .filter(touching)
        .select_related("actor")
        .order_by("at", "pk")
    )
    for deed in deeds:
        yield DeedThen(deed.at, str(deed.actor), deed.verb, in_words(deed.verb))


def _review_data(view: ReviewThen) -> dict[str, Any]:
    review = view.review
    return {
        "uuid": str(review.uuid),
        "state": review.state,
        "current": view.is_current,
        "rating": view.badge.key,
        "label": view.badge.label,
        "judges": review.judges,
        "judged_words": review.judged_words,
        "summary": review.summary,
        "explanation": review.explanation,
        "facts_judged": review.facts_judged,
        "no_evidence_reason": review.no_evidence_reason,
        "no_primary_reason": review.no_primary_reason,
        "no_request_reason": review.no_request_reason,
        "confirmed": review.confirmed,
        "override_reason": review.override_reason,
        "overridden": review.overridden,
        "author": view.author,
        "proposed_at": review.proposed_at.isoformat(),
        "approver": view.approver,
        "published_at": review.published_at and review.published_at.isoformat(),
        "approved_at": review.approved_at and review.approved_at.isoformat(),
        "stale_at": review.stale_at and review.stale_at.isoformat(),
        "stale_cause": review.stale_cause,
        "withdrawal_reason": review.withdrawal_reason,
    }


def _evidence_data(view: EvidenceThen) -> dict[str, Any]:
    item, document = view.item, view.document
    return {
        "uuid": str(item.uuid),
        "stance": item.stance,
        "quotation": item.quotation,
        "checked": item.checked,
        "checked_at": item.checked_at and item.checked_at.isoformat(),
        "document": {
            "uuid": str(document.uuid),
            "title": document.title,
            "publisher": document.publisher,
            "url": document.url,
            "date": document.date,
            "kind": document.kind,
            "rights": document.rights,
        },
        "copies": [
            {
                "sha256": copy.copy.sha256,
                "kept_at": copy.copy.kept_at.isoformat(),
                "address": copy.copy.address,
                "content_type": copy.copy.content_type,
                "file": f"copies/{copy.name}" if copy.name else None,
            }
            for copy in view.copies
        ],
        "checks": [
            {"finding": check.finding, "checked_at": check.checked_at.isoformat()} for check in view.checks
        ],
    }
