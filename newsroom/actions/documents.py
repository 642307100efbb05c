"""Documents: added once, changed, taken back; copies of them kept, and their addresses looked at again.

Nothing is fetched here. Whoever asked for a page fetches it, without any transaction, and comes back with
what stands there, or with the reason why nothing does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from newsroom.models import Document, DocumentCheck, Evidence, Newsroom, StoredCopy, User
from newsroom.text.addresses import spellings
from newsroom.text.changes import same_words
from newsroom.text.standing import drift

from . import reviews
from .comparing import compare_with_copies
from .deeds import record
from .refusals import Overtaken, Refused, require
from .reviews.following import grounded
from .reviews.rows import lock_claims
from .with_files import keep, whole

#: What a person says of a document.
FIELDS = (
    "title", "publisher", "url", "lang", "date", "kind", "original", "rights", "date_note", "note",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What came: the bytes, their type, and the words in them as far as they can be read."""

    body: bytes
    content_type: str
    text: str = ""
    whole: str = ""


class Known(Refused):
    """A document of this address is here already: `document` is it."""

    def __init__(self, document: Document):
        self.document = document
        super().__init__(
            _("This address is here already: “%(title)s”."), params={"title": document.title}, code="url"
        )


@transaction.atomic
def add(*, by: User, at: datetime, although_known: bool = False, **fields: Any) -> Document:
    """A document that may be used for many claims. Raises Known if its address is here already.

    `although_known` adds a second document of one address all the same: another part of it, or another day's.
    """
    require(by, "add_document")
    _refuse_known(fields.get("url", ""), although_known)
    document = Document(**fields)
    document.full_clean()
    document.save()
    record("document.add", by=by, at=at, objects=[document], after=_gist(document))
    return document


@transaction.atomic
def change(
    document: Document,
    *,
    changes: Mapping[str, Any],
    by: User,
    at: datetime,
    row_version: int,
    although_known: bool = False,
) -> Document:
    """What is said of a document, said otherwise. `changes` names those of FIELDS that are touched."""
    require(by, "change_document")
    _lock_what_rests_on(document)
    document = _taken(document, row_version)
    before, was = _gist(document), {"title": document.title, "url": document.url}
    if changes.get("url", document.url) != document.url:
        _refuse_known(changes["url"], although_known, besides=document)
    standing = grounded(document.evidence.standing().values_list("claim", flat=True))
    for name in FIELDS:
        if name in changes:
            setattr(document, name, changes[name])
    document.full_clean()
    document.save()
    record("document.change", by=by, at=at, objects=[document], before=before, after=_gist(document))
    reviews.follow_ground(standing, by=by, at=at)
    follow(document, **was, by=by, at=at)
    return document


@transaction.atomic
def follow(document: Document, *, title: str, url: str, by: User, at: datetime) -> None:
    """After a document was edited: ratings were given on the one of that `title` at that `url`.

    By another title or at another address it is another document to who reads it: the ratings that rest on it
    are to be checked again; a person may say that they hold. It asks for no permission: it is the consequence
    of an edit that did, and part of its transaction.
    """
    if not same_words(document.title, title) or document.url not in spellings(url):
        reviews.follow_document(document, items=list(document.evidence.standing()), by=by, at=at)


@transaction.atomic
def withdraw(document: Document, *, reason: str, by: User, at: datetime, row_version: int) -> Document:
    """It is evidence for nothing any more; ratings that rest on it are to be checked again."""
    require(by, "change_document")
    _lock_what_rests_on(document)
    document = _taken(document, row_version)
    if not reason.strip():
        raise Refused(_("Say why it is withdrawn."), code="reason")
    touched = list(document.evidence.standing())
    document.withdrawn_at, document.withdrawal_reason = at, reason.strip()
    document.save()
    record("document.withdraw", by=by, at=at, objects=[document], after={"reason": reason.strip()})
    reviews.follow_document(document, items=touched, by=by, at=at)
    return document


def keep_file(
    document: Document, *, content: Content, by: User, at: datetime, file_name: str = ""
) -> StoredCopy:
    """A copy that somebody has as a file."""
    require(by, "add_storedcopy")
    copy = StoredCopy(document=document, kind=StoredCopy.Kind.FILE, file_name=file_name, by=by, at=at)
    with whole() as written:
        _keep(copy, content, written, at=at)
        record("copy.keep", by=by, at=at, objects=[copy, document], after={"sha256": copy.sha256})
    return copy


@transaction.atomic
def ask_for_copy(document: Document, *, by: User, at: datetime) -> StoredCopy:
    """A copy of what stands at its address, which waits to be fetched; or the one that waits already."""
    require(by, "add_storedcopy")
    document = _with_address(document)
    if waiting := document.copies.waiting().first():
        return waiting
    copy = StoredCopy(document=document, kind=StoredCopy.Kind.ADDRESS, address=document.url, by=by, at=at)
    copy.full_clean()
    copy.save()
    record("copy.ask", by=by, at=at, objects=[copy, document], after={"address": copy.address})
    return copy


def copy_came(copy: StoredCopy, *, content: Content, by: User, at: datetime) -> StoredCopy:
    """What was waited for has come."""
    require(by, "add_storedcopy")
    with whole() as written:
        copy = _waiting(copy)
        _keep(copy, content, written, at=at)
        record("copy.keep", by=by, at=at, objects=[copy, copy.document], after={"sha256": copy.sha256})
    return copy


@transaction.atomic
def copy_failed(copy: StoredCopy, *, message: str, by: User, at: datetime) -> StoredCopy:
    """What was waited for will not come; `message` says why, to the person who asked for it."""
    require(by, "add_storedcopy")
    copy = _waiting(copy)
    copy.state, copy.message = StoredCopy.State.FAILED, message
    copy.save()
    record("copy.fail", by=by, at=at, objects=[copy, copy.document], after={"message": message})
    return copy


@transaction.atomic
def ask_for_check(document: Document, *, by: User, at: datetime) -> DocumentCheck:
    """A look at its address, which waits to be done; or the one that waits already."""
    require(by, "add_documentcheck")
    document = _with_address(document)
    if waiting := document.checks.waiting().first():
        return waiting
    check = DocumentCheck(document=document, by=by, at=at)
    check.full_clean()
    check.save()
    record("check.ask", by=by, at=at, objects=[check, document])
    return check


def checked(check: DocumentCheck, *, content: Content, by: User, at: datetime) -> DocumentCheck:
    """What stands at the address now, held against the copy that was kept last.

    What is new is kept, so that the next look is held against it; if quoted words are gone, or the text says
    something else, the ratings that rest on it are to be checked again.
    """
    require(by, "add_documentcheck")
    with whole() as written:
        _lock_what_rests_on(check.document)
        check = _asked(check)
        document = check.document
        check.compared = document.copies.filter(kind=StoredCopy.Kind.ADDRESS).readable().first()
        touched: list[Evidence] | None = []
        if check.compared is None:
            check.finding = DocumentCheck.Finding.FIRST
        else:
            items = list(document.evidence.standing())
            change = drift(check.compared.texts, (content.text, content.whole), {i.quotation for i in items})
            check.likeness = change.likeness
            touched = (
                items if change.says_something_else else [i for i in items if i.quotation in change.lost]
            )
            check.lost = [str(item.uuid) for item in items if item.quotation in change.lost]
            drifted = change.says_something_else or bool(check.lost)
            check.finding = DocumentCheck.Finding.DRIFTED if drifted else DocumentCheck.Finding.UNCHANGED
        if check.finding != DocumentCheck.Finding.UNCHANGED:
            check.found = StoredCopy(
                document=document, kind=StoredCopy.Kind.ADDRESS, address=document.url, by=by, at=at
            )
            _keep(check.found, content, written, at=at)
        _conclude(check, by=by, at=at)
        if check.finding == DocumentCheck.Finding.DRIFTED:
            reviews.follow_document(document, items=touched, by=by, at=at)
    return check


@transaction.atomic
def found_gone(check: DocumentCheck, *, message: str, by: User, at: datetime) -> DocumentCheck:
    """Its site says that nothing is there. Only the first time is news to the ratings that rest on it."""
    require(by, "add_documentcheck")
    _lock_what_rests_on(check.document)
    check = _asked(check)
    before = check.document.checks.telling().first()
    check.finding, check.message = DocumentCheck.Finding.GONE, message
    _conclude(check, by=by, at=at)
    if before is None or before.finding != DocumentCheck.Finding.GONE:
        standing_evidence = list(check.document.evidence.standing())
        reviews.follow_document(check.document, items=standing_evidence, by=by, at=at)
    return check


@transaction.atomic
def not_reached(check: DocumentCheck, *, message: str, by: User, at: datetime) -> DocumentCheck:
    """Nobody knows what stands there now: that says nothing of the document, and is tried again."""
    require(by, "add_documentcheck")
    check = _asked(check)
    check.finding, check.message = DocumentCheck.Finding.UNREACHED, message
    _conclude(check, by=by, at=at)
    return check


def _refuse_known(url: str, although_known: bool, *, besides: Document | None = None) -> None:
    if not url or although_known:
        return
    # Two who name one address at the same moment wait for each other here.
    list(Newsroom.objects.select_for_update())
    known = Document.objects.at_address(url).exclude(pk=besides.pk if besides else None).first()
    if known is not None:
        raise Known(known)


def _lock_what_rests_on(document: Document) -> None:
    """The claims, before the document: in the order of all deeds."""
    lock_claims(document.evidence.standing().values_list("claim", flat=True))


def _taken(document: Document, row_version: int) -> Document:
    """The document, locked; Overtaken if somebody changed it since it was shown."""
    document = Document.objects.select_for_update().get(pk=document.pk)
    if document.row_version != row_version or document.withdrawn_at:
        raise Overtaken.on_row(document)
    return document


def _with_address(document: Document) -> Document:
    document = Document.objects.select_for_update().get(pk=document.pk)
    if document.withdrawn_at:
        raise Refused(_("This document was withdrawn."), code="withdrawn")
    if not document.url:
        raise Refused(_("This document has no address."), code="url")
    return document


def _waiting(copy: StoredCopy) -> StoredCopy:
    """The row, locked. Raises Refused if it does not wait any more: a second worker was quicker."""
    copy = StoredCopy.objects.select_for_update().get(pk=copy.pk)
    if copy.state != StoredCopy.State.WAITING:
        raise Refused(_("This has been fetched already."), code="state")
    return copy


def _asked(check: DocumentCheck) -> DocumentCheck:
    check = DocumentCheck.objects.select_for_update().get(pk=check.pk)
    if check.finding:
        raise Refused(_("This has been checked already."), code="state")
    return check


def _keep(copy: StoredCopy, content: Content, written: list[str], *, at: datetime) -> None:
    copy.state, copy.kept_at = StoredCopy.State.KEPT, at
    copy.content_type, copy.text, copy.whole = content.content_type, content.text, content.whole
    keep(copy, content.body, written)
    copy.full_clean()
    copy.save()
    compare_with_copies(copy.document.evidence.standing().select_related("document"))


def _conclude(check: DocumentCheck, *, by: User, at: datetime) -> None:
    check.checked_at = at
    check.full_clean()
    check.save()
    after = {"finding": check.finding, "message": check.message, "lost": check.lost}
    record("check.find", by=by, at=at, objects=[check, check.document], after=after)


def _gist(document: Document) -> dict[str, str]:
    """Without the notes, which are for the desk's own pages."""
    original = document.original
    return {
        "title": document.title,
        "publisher": document.publisher,
        "url": document.url,
        "date": document.date,
        "kind": document.kind,
        "rights": document.rights,
        "original": str(original.uuid) if original else "",
    }
