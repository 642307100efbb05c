"""Documents at the desk: the list, and one with all that rests on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from newsroom.models import Document, DocumentCheck, Evidence, Review, StoredCopy, User
from newsroom.text.addresses import is_address

from .choice import Choice
from .ratings import Badge, Ratings

DOCUMENTS_ON_A_PAGE, ITEMS_ON_A_PAGE, MOST_SHOWN = 30, 20, 20
#: So many hits of words can be turned to; who has more of them adds a word.
HITS = 100

STATES = {
    "doubtful": gettext_lazy("Drifted or gone"),
    "unreached": gettext_lazy("Not reached"),
    "unchecked": gettext_lazy("Never looked at again"),
    "copied": gettext_lazy("With a kept copy"),
    "uncopied": gettext_lazy("Without a kept copy"),
}


@dataclass(frozen=True, slots=True)
class DocumentLine:
    document: Document
    uses: int
    finding: str
    finding_label: str
    kept_at: object

    @property
    def is_doubtful(self) -> bool:
        return self.finding in DocumentCheck.DOUBTFUL


@dataclass(frozen=True, slots=True)
class DocumentsPage:
    words: str
    publisher: str
    kinds: tuple[Choice, ...]
    states: tuple[Choice, ...]
    lines: tuple[DocumentLine, ...]
    page: Page
    is_filtered: bool


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """An item with how its claim is rated.

    `doubt` is that review, if it is to be checked again since a document changed; `may_hold` says whether
    this person may say that it holds.
    """

    item: Evidence
    badge: Badge
    doubt: Review | None
    may_hold: bool


@dataclass(frozen=True, slots=True)
class CheckLine:
    check: DocumentCheck
    lost: tuple[str, ...]

    @property
    def is_doubtful(self) -> bool:
        return self.check.finding in DocumentCheck.DOUBTFUL

    @property
    def likeness(self) -> str:
        """How much still stands, in words: a share would say more than is known."""
        if self.check.likeness is None or self.check.finding != DocumentCheck.Finding.DRIFTED:
            return ""
        if self.check.likeness >= 0.9:
            return _("The rest of the text stands.")
        return (
            _("Much of the text stands.") if self.check.likeness >= 0.5 else _("Little of the text stands.")
        )


@dataclass(frozen=True, slots=True)
class DocumentPage:
    document: Document
    evidence: tuple[EvidenceLine, ...]
    page: Page
    copies: tuple[StoredCopy, ...]
    checks: tuple[CheckLine, ...]
    republications: tuple[Document, ...]

    @property
    def standing(self) -> CheckLine | None:
        """The last look that told something."""
        told = (line for line in self.checks if line.check.finding not in ("", "unreached"))
        return next(told, None)

    @property
    def waits(self) -> bool:
        """Whether something is being fetched."""
        return any(line.check.finding == "" for line in self.checks) or any(
            copy.state == StoredCopy.State.WAITING for copy in self.copies
        )


def documents_page(query: Mapping[str, str]) -> DocumentsPage:
    """`query` may have `q`, `publisher`, `kind`, `state` and `page`; nonsense filters nothing."""
    words, publisher = query.get("q", "").strip()[:200], query.get("publisher", "").strip()[:200]
    kind = query.get("kind", "") if query.get("kind") in Document.Kind.values else ""
    state = query.get("state", "") if query.get("state") in STATES else ""
    found = _in_state(Document.objects.filter(withdrawn_at=None), state)
    if kind:
        found = found.filter(kind=kind)
    if publisher:
        found = found.filter(publisher__icontains=publisher)
    rows = _searched(found, words) if words else found.order_by("-pk")
    page = Paginator(rows, DOCUMENTS_ON_A_PAGE).get_page(query.get("page", "1"))
    return DocumentsPage(
        words=words,
        publisher=publisher,
        kinds=tuple(_choices(Document.Kind.choices, kind)),
        states=tuple(_choices(STATES.items(), state)),
        lines=tuple(_lines(list(page.object_list))),
        page=page,
        is_filtered=bool(words or publisher or kind or state),
    )


def _searched(found: QuerySet[Document], words: str) -> Sequence[Document] | QuerySet[Document]:
    """By words, so many as one turns to; or by its address, if that is what was typed."""
    if is_address(words):
        return found.at_address(words).order_by("-pk")
    keys = found.search(words).first_keys(HITS)
    rows = Document.objects.in_bulk(keys)
    return [rows[key] for key in keys]


def _choices(choices: Iterable[tuple[str, object]], chosen: str) -> Iterable[Choice]:
    for value, label in choices:
        yield Choice(value, str(label), value == chosen)


def _last_finding() -> Subquery:
    last = DocumentCheck.objects.filter(document=OuterRef("pk")).exclude(finding="")
    return Subquery(last.order_by("-checked_at", "-pk").values("finding")[:1])


def _in_state(found: QuerySet[Document], state: str) -> QuerySet[Document]:
    kept = Exists(StoredCopy.objects.filter(document=OuterRef("pk"), state=StoredCopy.State.KEPT))
    match state:
        case "doubtful":
            return found.alias(last=_last_finding()).filter(last__in=DocumentCheck.DOUBTFUL)
        case "unreached":
            return found.alias(last=_last_finding()).filter(last=DocumentCheck.Finding.UNREACHED)
        case "unchecked":
            looked = DocumentCheck.objects.filter(document=OuterRef("pk")).exclude(finding="")
            return found.filter(~Exists(looked)).exclude(url="")
        case "copied":
            return found.filter(kept)
        case "uncopied":
            return found.filter(~kept)
    return found


def _lines(documents: list[Document]) -> Iterable[DocumentLine]:
    """Three queries, whatever their number."""
    uses = dict(
        Evidence.objects.standing()
        .filter(document__in=documents)
        .order_by()
        .values_list("document")
        .annotate(Count("claim", distinct=True))
    )
    last: dict[int, DocumentCheck] = {}
    done = DocumentCheck.objects.filter(document__in=documents).exclude(finding="")
    for check in done.order_by("checked_at", "pk"):
        last[check.document_id] = check
    kept: dict[int, object] = {}
    for document, at in (
        StoredCopy.objects.kept().filter(document__in=documents).values_list("document", "kept_at").reverse()
    ):
        kept[document] = at
    for document in documents:
        check = last.get(document.pk)
        yield DocumentLine(
            document,
            uses.get(document.pk, 0),
            check.finding if check else "",
            check.get_finding_display() if check else "",
            kept.get(document.pk),
        )


def document_page(document: Document, user: User, number: str = "1") -> DocumentPage:
    """One document with a page of its evidence, its copies and its checks."""
    found = document.evidence.standing().select_related("claim", "document").order_by("-pk")
    page = Paginator(found, ITEMS_ON_A_PAGE).get_page(number)
    checks = list(document.checks.select_related("by", "found")[:MOST_SHOWN])
    return DocumentPage(
        document=document,
        evidence=tuple(_evidence_lines(list(page.object_list), user)),
        page=page,
        copies=tuple(document.copies.without_texts().select_related("by")[:MOST_SHOWN]),
        checks=tuple(_check_lines(checks)),
        republications=tuple(document.republications.filter(withdrawn_at=None)[:MOST_SHOWN]),
    )


def _check_lines(checks: list[DocumentCheck]) -> Iterable[CheckLine]:
    named = {uuid for check in checks for uuid in check.lost}
    words = {
        str(uuid): quotation
        for uuid, quotation in Evidence.objects.filter(uuid__in=named).values_list("uuid", "quotation")
    }
    for check in checks:
        lost = dict.fromkeys(words[uuid] for uuid in check.lost if uuid in words)
        yield CheckLine(check, tuple(lost))


def _evidence_lines(items: list[Evidence], user: User) -> Iterable[EvidenceLine]:
    known = Ratings.load()
    rated = known.current_of(item.claim_id for item in items)
    doubted = Review.objects.filter(state=Review.State.STALE, stale_cause=Review.StaleCause.DOCUMENT)
    doubts = {review.claim_id: review for review in doubted.filter(claim__in=rated)}
    may_hold = set()
    if user.has_perm("newsroom.publish_review"):
        of_others = doubted.exclude(author=user).exclude(contributors=user)
        may_hold = set(of_others.filter(claim__in=rated).values_list("claim", flat=True))
    for item in items:
        badge = known.badge(rated.get(item.claim_id))
        yield EvidenceLine(item, badge, doubts.get(item.claim_id), item.claim_id in may_hold)
