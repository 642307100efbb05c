"""The desk's list of replies by private link, the page of one, and what asking somebody begins with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.translation import ngettext, pgettext_lazy

from newsroom.models import Claim, Invitation, Reply, RequestForComment, Review, User

from .checking import Waiting
from .ratings import Badge, Ratings

ON_A_PAGE = 30
STATES = {
    "waiting": pgettext_lazy("replies", "To decide"),
    "asked": pgettext_lazy("replies", "Not answered"),
    "decided": pgettext_lazy("replies", "Decided"),
}


@dataclass(frozen=True, slots=True)
class Tab:
    label: str
    url: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class RequestLine:
    """Somebody who was asked by a link, with what came back if anything did."""

    request: RequestForComment
    invitation: Invitation
    reply: Reply | None
    is_open: bool
    may_close: bool


@dataclass(frozen=True, slots=True)
class RepliesPage:
    state: str
    tabs: tuple[Tab, ...]
    page: Page
    lines: tuple[RequestLine, ...]


@dataclass(frozen=True, slots=True)
class DeskReplyPage:
    """One reply as the desk sees it; `words` are empty once they were deleted."""

    reply: Reply
    request: RequestForComment
    claim: Claim
    words: str
    name: str
    #: The draft that was shown to who replied.
    badge: Badge | None
    may: frozenset[str]
    #: Why this person is not offered to refuse it, though they decide on others.
    wrote_the_rating: bool


def replies_page(query: Mapping[str, str], user: User, *, at: datetime) -> RepliesPage:
    state = query.get("state", "")
    state = state if state in STATES else "waiting"
    rows = RequestForComment.objects.select_related("claim", "invitation", "reply", "by")
    match state:
        case "waiting":
            rows = rows.filter(reply__state=Reply.State.WAITING).order_by("reply__at", "pk")
        case "asked":
            rows = rows.filter(invitation__isnull=False, reply=None).order_by("-asked_at", "-pk")
        case _:
            rows = rows.filter(reply__isnull=False).exclude(reply__state=Reply.State.WAITING)
            rows = rows.order_by("-reply__at", "-pk")
    page = Paginator(rows, ON_A_PAGE).get_page(query.get("page", "1"))
    here = reverse("desk:replies")
    return RepliesPage(
        state=state,
        tabs=tuple(
            Tab(str(label), here if name == "waiting" else f"{here}?state={name}", name == state)
            for name, label in STATES.items()
        ),
        page=page,
        lines=tuple(request_line(row, user, at=at) for row in page.object_list),
    )


def request_line(request: RequestForComment, user: User, *, at: datetime) -> RequestLine:
    """`request` comes with its invitation and its reply."""
    is_open = request.invitation.is_open(at=at)
    return RequestLine(
        request=request,
        invitation=request.invitation,
        reply=getattr(request, "reply", None),
        is_open=is_open,
        may_close=is_open and user.has_perm("newsroom.change_requestforcomment"),
    )


def desk_reply_page(reply: Reply, user: User) -> DeskReplyPage:
    letter = getattr(reply, "letter", None)
    return DeskReplyPage(
        reply=reply,
        request=reply.request,
        claim=reply.request.claim,
        words=letter.words if letter else reply.request.answer,
        name=letter.name if letter else reply.signature,
        badge=Ratings.load().badge(reply.review) if reply.review else None,
        may=frozenset(_may(reply, user, has_words=letter is not None)),
        wrote_the_rating=reply.is_waiting
        and user.has_perm("newsroom.decide_reply")
        and reply.judges_work_of(user),
    )


def _may(reply: Reply, user: User, *, has_words: bool) -> Iterable[str]:
    """What this person may do to it as it is."""
    if not user.has_perm("newsroom.decide_reply"):
        return
    another = not reply.judges_work_of(user)
    if reply.is_waiting:
        if has_words:
            yield "accept"
        if another:
            yield "refuse"
            if reply.opinion:
                yield "keep"
    elif reply.state == Reply.State.ACCEPTED:
        if another:
            yield "reopen"
    elif has_words and reply.may_be_public:
        yield "reopen"


def drafts_of(claim: Claim) -> list[Review]:
    """What may be shown to who is asked: what is being worked on, the newest first, and what readers see."""
    waiting = list(claim.reviews.waiting().order_by("-pk")[:10])
    return waiting + list(claim.reviews.current())


def waiting_replies(user: User) -> Iterable[Waiting]:
    """What the desk's front page says of them."""
    if not user.has_perm("newsroom.view_reply"):
        return
    if number := Reply.objects.waiting().count():
        words = ngettext(
            "%(number)d reply waits to be decided.", "%(number)d replies wait to be decided.", number
        )
        yield Waiting(words % {"number": number}, reverse("desk:replies"))
