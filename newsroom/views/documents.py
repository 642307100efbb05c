"""Documents at the desk: found, added once, changed; copies kept of them; their addresses looked at again."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from newsroom.actions import documents as deeds
from newsroom.actions.documents import Content, Known
from newsroom.actions.refusals import Overtaken, Refused
from newsroom.formats import copies
from newsroom.forms import TOO_LARGE, CopyForm, DocumentForm, ShownReason
from newsroom.models import Claim, Document, DocumentCheck, StoredCopy
from newsroom.outside.fetch import check as may_be_fetched
from newsroom.outside.unfetchable import Unfetchable
from newsroom.presenters.claim_url import claim_url
from newsroom.presenters.documents import document_page, documents_page
from newsroom.tasks.documents import finish_check, finish_copy
from newsroom.tasks.originals import policy

from .access import desk_page, for_the_desk
from .intake import not_too_large

#: What is done is posted. Who comes to its address otherwise, back from signing in, is led to the page.
done_there = require_http_methods(["GET", "HEAD", "POST"])


@for_the_desk("view_document")
@require_safe
def documents(request: HttpRequest) -> HttpResponse:
    return desk_page(request, "desk/documents.html", page=documents_page(request.GET))


@for_the_desk("add_document")
@require_http_methods(["GET", "HEAD", "POST"])
def new_document(request: HttpRequest) -> HttpResponse:
    """A document by its address; one that is here already is offered. `claim` is what it is wanted for."""
    claim = Claim.objects.with_code(request.POST.get("claim") or request.GET.get("claim", "")).first()
    if request.method != "POST":
        form = DocumentForm(initial={"url": request.GET.get("address", "")})
        return desk_page(request, "desk/new_document.html", form=form, claim=claim)
    form = DocumentForm(request.POST)
    if form.is_valid():
        try:
            document = deeds.add(
                by=request.user,
                at=now(),
                although_known=form.cleaned_data["although_known"],
                **form.given(),
            )
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The document is here."))
            return HttpResponseRedirect(_wanted_for(claim, document))
    return desk_page(request, "desk/new_document.html", status=422, form=form, claim=claim)


def _wanted_for(claim: Claim | None, document: Document) -> str:
    if claim is None:
        return reverse("desk:document", args=[document.code])
    return f"{claim_url(claim)}?document={document.code}#add-evidence"


@for_the_desk("view_document")
@require_safe
def document(request: HttpRequest, code: str) -> HttpResponse:
    return _document_page(request, _document(code))


@for_the_desk("change_document")
@require_http_methods(["GET", "HEAD", "POST"])
def document_change(request: HttpRequest, code: str) -> HttpResponse:
    found = _document(code)
    if request.method != "POST":
        return desk_page(
            request, "desk/document_change.html", form=DocumentForm(instance=found), document=found
        )
    form, status = DocumentForm(request.POST, instance=found), 422
    theirs = None
    if form.is_valid():
        try:
            deeds.change(
                found,
                changes=form.given(),
                by=request.user,
                at=now(),
                row_version=form.cleaned_data["row_version"],
                although_known=form.cleaned_data["although_known"],
            )
        except Overtaken as refusal:
            status, theirs = 409, _document(code)
            refuse(form, refusal)
            take_over(form, theirs.row_version)
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("desk:document", found.code)
    return desk_page(
        request, "desk/document_change.html", status=status, form=form, document=found, theirs=theirs
    )


@for_the_desk("change_document")
@done_there
def document_withdraw(request: HttpRequest, code: str) -> HttpResponse:
    found = _document(code)
    if request.method != "POST":
        return redirect("desk:document", code)
    form = ShownReason(request.POST)
    if not form.is_valid():
        return _document_page(request, found, status=422, withdrawal=form)
    try:
        deeds.withdraw(found, by=request.user, at=now(), **form.cleaned_data)
    except Refused as refusal:
        refuse(form, refusal)
        return _document_page(request, _document(code), status=_status(refusal), withdrawal=form)
    messages.success(request, _("Withdrawn: it is evidence for nothing any more."))
    return redirect("desk:document", code)


@for_the_desk("add_storedcopy")
@done_there
@not_too_large
def document_copy(request: HttpRequest, code: str) -> HttpResponse:
    """Keeps a copy: of the file that was sent, or of what stands at the address."""
    found = _document(code)
    if request.method != "POST":
        return redirect("desk:document", code)
    if request.POST.get("way") == "address":
        return _copy_of_address(request, found)
    form = CopyForm(request.POST, request.FILES)
    if not form.is_valid():
        status = 413 if form.has_error("file", TOO_LARGE) else 422
        return _document_page(request, found, status=status, copy_form=form)
    deeds.keep_file(
        found,
        content=Content(
            body=form.body,
            content_type=form.read.content_type,
            text=form.read.text,
            whole=form.read.whole,
        ),
        file_name=form.cleaned_data["file"].name,
        by=request.user,
        at=now(),
    )
    messages.success(request, _("The copy is kept."))
    return redirect("desk:document", code)


def _copy_of_address(request: HttpRequest, found: Document) -> HttpResponse:
    """The address is looked at before anything is stored, and fetched by a task: at once, or by a worker."""
    try:
        may_be_fetched(found.url, policy())
        copy = deeds.ask_for_copy(found, by=request.user, at=now())
    except Unfetchable as reason:
        return _document_page(request, found, status=422, errors=[str(reason)])
    except Refused as refusal:
        return _document_page(request, found, status=422, errors=refusal.messages)
    finish_copy.enqueue(str(copy.uuid), language=get_language())
    copy.refresh_from_db()
    if copy.state == StoredCopy.State.FAILED:
        return _document_page(request, found, status=422, errors=[copy.message])
    if copy.state == StoredCopy.State.KEPT:
        messages.success(request, _("The copy is kept."))
    return redirect("desk:document", found.code)


@for_the_desk("view_storedcopy")
@require_safe
def copy_file(request: HttpRequest, code: str) -> FileResponse:
    """A kept copy, to be saved and never to be shown: it may be a page that runs."""
    found = get_object_or_404(StoredCopy.objects.kept().without_texts().with_code(code))
    return FileResponse(
        found.file.open(),
        as_attachment=True,
        filename=found.file_name or f"{found.code}{copies.ending(found.content_type)}",
        content_type="application/octet-stream",
    )


@for_the_desk("add_documentcheck")
@done_there
def document_check(request: HttpRequest, code: str) -> HttpResponse:
    """Looks at the address again: at once, or by a worker."""
    found = _document(code)
    if request.method != "POST":
        return redirect("desk:document", code)
    try:
        check = deeds.ask_for_check(found, by=request.user, at=now())
    except Refused as refusal:
        return _document_page(request, found, status=422, errors=refusal.messages)
    finish_check.enqueue(str(check.uuid), language=get_language())
    check.refresh_from_db()
    if check.finding:
        level = messages.WARNING if check.finding in DocumentCheck.DOUBTFUL else messages.SUCCESS
        messages.add_message(request, level, _said_of(check))
    return redirect("desk:document", code)


def _said_of(check: DocumentCheck) -> str:
    return {
        DocumentCheck.Finding.FIRST: _("Seen for the first time: a copy is kept, to compare with."),
        DocumentCheck.Finding.UNCHANGED: _("Unchanged: what was read still stands there."),
        DocumentCheck.Finding.DRIFTED: _("Drifted: the ratings that rest on it are to be checked again."),
        DocumentCheck.Finding.GONE: _("Gone: the ratings that rest on it are to be checked again."),
        DocumentCheck.Finding.UNREACHED: _("Not reached, so nothing is known: %(why)s")
        % {"why": check.message},
    }[check.finding]


def _document(code: str) -> Document:
    return get_object_or_404(Document.objects.select_related("original").with_code(code))


def _document_page(request: HttpRequest, found: Document, *, status: int = 200, **context) -> HttpResponse:
    context = {
        "copy_form": CopyForm(),
        "withdrawal": ShownReason(initial={"row_version": found.row_version}),
        "page": document_page(found, request.user, request.GET.get("page", "1")),
        "here": reverse("desk:document", args=[found.code]),
    } | context
    return desk_page(request, "desk/document.html", status=status, **context)


def refuse(form: BaseForm, refusal: ValidationError) -> None:
    """What a deed refused, beside the field that it is about, if the form has it."""
    if isinstance(refusal, Known):
        form.known = refusal.document
        form.fields["although_known"] = type(form).base_fields["although_known"]
    if hasattr(refusal, "error_dict"):
        for name, errors in refusal.error_dict.items():
            form.add_error(name if name in form.fields else None, errors)
    else:
        code = getattr(refusal, "code", None)
        form.add_error(code if code in form.fields else None, refusal)


def take_over(form: BaseForm, row_version: int) -> None:
    """To save again, with theirs before one's eyes, is to decide that this one replaces it."""
    form.data = form.data.copy()
    form.data["row_version"] = str(row_version)


def _status(refusal: Refused) -> int:
    return 409 if isinstance(refusal, Overtaken) else 422
