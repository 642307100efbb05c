"""How a rating came to be, for readers: from the log of what was done to its review, and from the review.

Who drafted it and who approved it are named as they sign in public; nobody else is. What the desk wrote for
itself (notes, what was to be changed, why a rule was passed over, who was asked for comment and how) is told
as a fact, without its words. What it rested on is counted as it stood when the review was published.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from newsroom.models import Deed, Document, Evidence, Review

from .as_it_was import evidence_then


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was done. `name` is of who did it, if that is public; `words` say more of it."""

    label: str
    at: datetime
    name: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Rested:
    """What a review rested on when it was published."""

    items: int
    #: How many of each kind of document, and how many were looked into how far; no zeros.
    kinds: tuple[tuple[str, int], ...]
    looks: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class HowChecked:
    #: Until readers saw it, and since then.
    steps: tuple[Step, ...]
    since: tuple[Step, ...]
    #: None where nothing is known of it.
    rested: Rested | None
    #: Of a claim that accuses somebody: when they were asked for comment, and whether they answered.
    accuses: bool
    asked_at: datetime | None
    answered_at: datetime | None
    #: That nobody was asked, and that it is written down why.
    is_reasoned: bool
    confirmed: tuple[str, ...]
    #: Rules that were passed over when it was approved.
    overridden: tuple[str, ...]
    #: Whether the log has its draft, its approval and its publication.
    is_logged: bool


def how_checked(review: Review) -> HowChecked:
    """Of a review that readers saw, with its author, approver and request.

    Six queries: its history, the log at the moments that this names, the evidence and its documents, and the
    history of both.
    """
    log = _log(review)
    done = {deed.verb for deed in log if _is_its_own(deed, review)}
    request = review.request if review.accuses else None
    return HowChecked(
        steps=tuple(sorted(_until_published(review, log), key=_moment)),
        since=tuple(sorted(_since(review, log), key=_moment)),
        rested=_rested(review),
        accuses=review.accuses,
        asked_at=request.asked_at if request else None,
        # That nobody answered is not said: a reply may have come that is not published.
        answered_at=request.answered_at if request and request.answer else None,
        is_reasoned=request is None and bool(review.no_request_reason),
        confirmed=tuple(str(Review.Confirmation(name).label) for name in review.confirmed if review.accuses),
        overridden=tuple(_rule(code) for code in review.overridden),
        is_logged={"review.propose", "review.publish"} <= done,
    )


def _log(review: Review) -> list[Deed]:
    """What was done to it, the first deed first.

    No index finds a deed by what it touched, but one does by its moment: those are in the review's history.
    """
    moments = set(review.history.order_by().values_list("history_date", flat=True))
    own = review.proposed_at, review.amended_at, review.approved_at, review.published_at, review.stale_at
    moments.update(moment for moment in own if moment is not None)
    return list(Deed.objects.on(review).filter(at__in=moments).defer("before", "after").order_by("at", "pk"))


def _is_its_own(deed: Deed, review: Review) -> bool:
    """Whether it was done to this review, and not to another which took its place."""
    return bool(deed.objects_touched and deed.objects_touched[0] == ["review", str(review.uuid)])


def _moment(step: Step) -> datetime:
    return step.at


def _until_published(review: Review, log: list[Deed]) -> Iterable[Step]:
    yield Step(_("Drafted"), review.proposed_at, review.author.public_name)
    for deed in log:
        if deed.at <= review.published_at and _is_its_own(deed, review):
            yield from _before(deed, review)
    if review.approver:
        yield Step(
            _("Second pair of eyes"),
            review.approved_at or review.published_at,
            review.approver.public_name,
            _("who wrote none of it"),
        )
    yield Step(pgettext("review", "Published"), review.published_at)


def _before(deed: Deed, review: Review) -> Iterable[Step]:
    match deed.verb:
        case "review.changes":
            yield Step(_("Sent back to be changed"), deed.at)
        case "review.amend":
            other = "" if deed.actor_id == review.author_id else _("by somebody else than who drafted it")
            yield Step(pgettext("review", "Changed"), deed.at, words=other)
        case "review.lapse":
            yield Step(_("Approval lapsed"), deed.at, words=_("what it rested on had changed"))


#: What is told of a published review, by the verb of the log.
_AFTERWARDS: Mapping[str, Callable[[], tuple[str, str]]] = {
    "review.stale": lambda: (_("To be checked again"), _("the words had changed")),
    "review.valid": lambda: (_("In force again"), _("the words were the same again")),
    "review.drift": lambda: (_("To be checked again"), _("something that it rested on had changed")),
    "review.doubt": lambda: (_("To be checked again"), _("the newsroom wanted a new look")),
    "review.hold": lambda: (
        pgettext("review", "Checked again"),
        _("it holds: so says somebody who wrote none of it"),
    ),
}


def _since(review: Review, log: list[Deed]) -> Iterable[Step]:
    for deed in log:
        if deed.at < review.published_at:
            continue
        if not _is_its_own(deed, review):
            if deed.verb == "review.publish":
                yield Step(_("Superseded"), deed.at, words=_("by a new review"))
        elif deed.verb in _AFTERWARDS:
            label, words = _AFTERWARDS[deed.verb]()
            yield Step(label, deed.at, words=words)


def _rested(review: Review) -> Rested | None:
    then = evidence_then(review.claim_id, review.published_at)
    if not then and not review.no_evidence_reason:
        return None
    kinds = Counter(document.kind for _item, document in then)
    looks = Counter(item.checked for item, _document in then)
    return Rested(
        len(then),
        tuple((str(kind.label), kinds[kind]) for kind in Document.Kind if kinds[kind]),
        tuple((str(look.label), looks[look]) for look in reversed(Evidence.Checked) if looks[look]),
    )


def _rule(code: str) -> str:
    rules = {
        "evidence": _("a rating needs evidence, or the reason why there is none"),
        "primary": _("“false” needs a document that somebody opened and that is no republication"),
        "facts": _("of an opinion or a prediction, the facts that are judged are named"),
        "accuses": _("it is said first whether a claim accuses somebody"),
        "request": _("who is accused is asked for comment first"),
        "confirmations": _("of a claim that accuses, public interest and measure are confirmed"),
    }
    return rules.get(code, code)
