"""How an article comes in: what a reporter brings is read, shown, and saved as a draft.

Three plain forms on one page. What is refused is said beside its field, and nothing of it is stored. What was
read is an original with an address of its own, where it is looked at and put right before it is an article.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, ValidationError
from django.forms import BaseForm
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import now
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRefresh

from newsroom.actions import articles, originals
from newsroom.formats import incoming
from newsroom.forms import TOO_LARGE, AddressForm, DraftForm, FileForm, PasteForm
from newsroom.models import Original
from newsroom.outside.fetch import check
from newsroom.outside.unfetchable import Unfetchable
from newsroom.tasks.originals import finish_original, illustrated, policy
from newsroom.tasks.readings import read_soon

from .access import View, desk_page, for_the_desk

#: Bytes of a request besides the file; bytes of a refused one that are read all the same, since a browser
#: shows no answer before it has sent what it wanted to send.
ENVELOPE, DRAINED = 64 * 1024, 200_000_000
_PIECE = 64 * 1024


def not_too_large(view: View) -> View:
    """Answers 413 before a request is read that is larger than any file may be.

    The token of a form stands in what is read: it is asked for after this, by `csrf_protect`.
    """
    protected = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            if int(request.META.get("CONTENT_LENGTH") or 0) > settings.UPLOAD_LIMIT + ENVELOPE:
                raise RequestDataTooBig
            _read = request.POST  # it is read when it is asked for
        except RequestDataTooBig:
            _drain(request)
            limits = {"limit": settings.UPLOAD_LIMIT, "text_limit": settings.DATA_UPLOAD_MAX_MEMORY_SIZE}
            return desk_page(request, "desk/too_large.html", status=413, **limits)
        return protected(request, *args, **kwargs)

    return answer


@for_the_desk("add_article")
@require_http_methods(["GET", "HEAD", "POST"])
@not_too_large
def new_article(request: HttpRequest) -> HttpResponse:
    """Three ways to bring a text; the one that was posted shows what is wrong with it."""
    ways: dict[str, BaseForm] = {
        "paste": PasteForm(),
        "file": FileForm(),
        "address": AddressForm(initial={"address": request.GET.get("address", "")}),
    }
    status = 200
    if request.method == "POST":
        bring = _BRINGING.get(request.POST.get("way", ""))
        if bring is None:
            raise Http404
        form, original = bring(request)
        if original is not None and not form.errors:
            return redirect("desk:original", original.code)
        ways[request.POST["way"]] = form
        _focus_on_what_is_wrong(form)
        status = 413 if form.has_error("file", TOO_LARGE) else 422
    return desk_page(request, "desk/new_article.html", status=status, ways=ways)


def _bring_paste(request: HttpRequest) -> tuple[PasteForm, Original | None]:
    form = PasteForm(request.POST)
    if not form.is_valid():
        return form, None
    return form, _receive(
        request,
        form,
        kind=Original.Kind.PASTE,
        body=form.cleaned_data["text"].encode(),
        content_type=incoming.content_type(form.cleaned_data["markup"]),
    )


def _bring_file(request: HttpRequest) -> tuple[FileForm, Original | None]:
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return form, None
    return form, _receive(
        request,
        form,
        kind=Original.Kind.FILE,
        body=form.body,
        content_type=incoming.content_type(form.kind),
        file_name=form.cleaned_data["file"].name,
    )


def _bring_address(request: HttpRequest) -> tuple[AddressForm, Original | None]:
    """The address is looked at before anything is stored, and fetched by a task: at once, or by a worker."""
    form = AddressForm(request.POST)
    if not form.is_valid():
        return form, None
    address = form.cleaned_data["address"]
    try:
        check(address, policy())
    except Unfetchable as reason:
        form.add_error("address", str(reason))
        return form, None
    original = originals.receive(kind=Original.Kind.ADDRESS, address=address, by=request.user, at=now())
    _finish(original)
    if original.state == Original.State.FAILED:
        form.add_error("address", original.message)
    return form, original


_BRINGING: dict[str, Callable[[HttpRequest], tuple[Any, Original | None]]] = {
    "paste": _bring_paste,
    "file": _bring_file,
    "address": _bring_address,
}


def _receive(request: HttpRequest, form: PasteForm | FileForm, **fields: Any) -> Original | None:
    found = illustrated(form.draft, from_the_web=False)
    try:
        original = originals.receive(
            draft=found.draft.to_data(),
            waits=found.waits,
            pictures=found.pictures,
            by=request.user,
            at=now(),
            **fields,
        )
    except ValidationError as refusal:
        form.add_error(None, refusal.messages)
        return None
    if found.waits:
        _finish(original)
    return original


def _finish(original: Original) -> None:
    finish_original.enqueue(str(original.uuid), language=get_language())
    original.refresh_from_db()


@for_the_desk("add_article")
@require_http_methods(["GET", "HEAD", "POST"])
@not_too_large
def original(request: HttpRequest, code: str) -> HttpResponse:
    """What was brought, by its state: still being fetched, failed, to be looked at, or an article already.

    A worker that died says nothing: what has waited for long can be asked for again, and is fetched once.
    """
    found = get_object_or_404(Original.objects.select_related("article").with_code(code))
    if found.state == Original.State.WAITING:
        if "again" in request.POST:
            _finish(found)
            return redirect("desk:original", found.code)
        template = "desk/_waiting.html" if request.htmx else "desk/original_waiting.html"
        return desk_page(request, template, original=found, late=found.is_late(at=now()))
    if request.htmx:
        return HttpResponseClientRefresh()
    if found.state == Original.State.FAILED:
        return desk_page(request, "desk/original_failed.html", original=found)
    if found.article is not None:
        return redirect("desk:article", found.article.slug)
    return _preview(request, found)


def _preview(request: HttpRequest, found: Original) -> HttpResponse:
    """The draft as a form, and its text as it will stand. To save makes the article; else it is shown."""
    form = DraftForm(request.POST if request.method == "POST" else None, original=found)
    if form.is_valid() and "save" in request.POST:
        try:
            article = articles.create(
                html=form.cleaned_data["body"],
                original=found,
                by=request.user,
                at=now(),
                **form.around_the_text(),
            )
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        else:
            read_soon(article)
            return redirect("desk:article", article.slug)
    _focus_on_what_is_wrong(form)
    status = 422 if form.errors else 200
    return desk_page(request, "desk/original.html", status=status, original=found, form=form)


@for_the_desk("add_article")
@require_safe
def original_file(request: HttpRequest, code: str) -> FileResponse:
    """The file as it came, to be saved and never to be shown: it may be a page that runs."""
    found = get_object_or_404(Original.objects.exclude(file="").with_code(code))
    return FileResponse(
        found.file.open(),
        as_attachment=True,
        filename=found.file_name or f"{found.code}{incoming.ending(found.content_type)}",
        content_type="application/octet-stream",
    )


def _focus_on_what_is_wrong(form: BaseForm) -> None:
    for name in form.errors:
        if name in form.fields:
            form.fields[name].widget.attrs["autofocus"] = True
            return


def _drain(request: HttpRequest) -> None:
    left = DRAINED
    with suppress(OSError):  # whoever sent it has gone
        while left > 0 and (piece := request.read(_PIECE)):
            left -= len(piece)
