"""The desk's queue of flags, and the page of one with all that may be done to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from newsroom.actions import flags as deeds
from newsroom.forms.flagging import (
    AcceptFlagForm,
    AnswerFlagForm,
    AssignFlagForm,
    CorrectLetterForm,
    LetterForm,
    MergeFlagForm,
    PublishRectificationForm,
    ReopenFlagForm,
    WithdrawRectificationForm,
)
from newsroom.forms.reviewing import moment_now
from newsroom.models import Flag
from newsroom.presenters.flags import flag_page, flags_page, others_to_merge_into
from newsroom.tasks.notices import send_notices
from newsroom.tasks.reader_mail import send_reader_mail

from .access import desk_page, for_the_desk
from .review_page import attempt

posted = require_http_methods(["GET", "HEAD", "POST"])


@for_the_desk("view_flag")
@require_safe
def flags(request: HttpRequest) -> HttpResponse:
    """What readers flagged, by what is due first; filtered by the address."""
    return desk_page(request, "desk/flags.html", page=flags_page(request.GET, at=now()))


@for_the_desk("change_flag")
@posted
def flag_add(request: HttpRequest) -> HttpResponse:
    """A letter that came by mail, by post or on the telephone is copied into the queue."""
    if request.method != "POST":
        initial = {
            "about": request.GET.get("about", ""),
            "came_at": moment_now(now()),
            "lang": get_language(),
            "uuid": uuid4(),
        }
        return desk_page(request, "desk/flag_add.html", form=LetterForm(initial=initial))
    form = LetterForm(request.POST)
    entered: list[Flag] = []

    def enter() -> None:
        given = dict(form.cleaned_data)
        uuid = given.pop("uuid")
        entered.append(deeds.enter(deeds.Copied(**given), uuid=uuid, by=request.user, at=now()))

    status = attempt(form, enter)
    if status != 200:
        return desk_page(request, "desk/flag_add.html", form=form, status=status)
    messages.success(request, _("Entered: its days run since it came."))
    return HttpResponseRedirect(reverse("desk:flag", args=[entered[0].code]))


@for_the_desk("change_flag")
@posted
def flag_letter(request: HttpRequest, code: str) -> HttpResponse:
    """What was copied wrong of a letter is put right."""
    found = _the_flag(code)
    there = reverse("desk:flag", args=[found.code])
    if request.method != "POST":
        if "correct" not in flag_page(found, request.user, at=now()).may:
            return HttpResponseRedirect(there)
        letter = found.letter
        initial = {
            "about": found.subject.get_absolute_url(),
            "kind": found.kind,
            "how": letter.how,
            "came_at": moment_now(found.at),
            "message": letter.message,
            "name": letter.name,
            "lang": found.lang,
            "row_version": found.row_version,
        }
        return desk_page(request, "desk/flag_add.html", flag=found, form=CorrectLetterForm(initial=initial))
    form = CorrectLetterForm(request.POST, initial={"lang": found.lang})

    def correct() -> None:
        given = dict(form.cleaned_data)
        shown = given.pop("row_version")
        deeds.correct_copy(found, letter=deeds.Copied(**given), by=request.user, at=now(), row_version=shown)

    status = attempt(form, correct)
    if status != 200:
        return desk_page(request, "desk/flag_add.html", flag=found, form=form, status=status)
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(there)


@for_the_desk("view_flag")
@require_safe
def flag(request: HttpRequest, code: str) -> HttpResponse:
    return _page(request, _the_flag(code))


def _the_flag(code: str) -> Flag:
    related = (
        "article__current_revision",
        "claim",
        "source",
        "entity",
        "assignee",
        "decided_by",
        "entered_by",
        "letter",
    )
    also = ("correction__after", "correction__before", "correction__article", "review", "merged_into")
    return get_object_or_404(Flag.objects.select_related(*related, *also).with_code(code))


def _page(request: HttpRequest, found: Flag, *, status: int = 200, **returned: Any) -> HttpResponse:
    """The page with its forms; the one that came back as it was sent."""
    page = flag_page(found, request.user, at=now())
    shown = {name: returned.get(name) or _form(name, found) for name in _FORMS if name in page.may}
    return desk_page(request, "desk/flag.html", page=page, forms=shown, status=status)


def _form(name: str, found: Flag, data: Any = None) -> forms.Form:
    given: dict[str, Any] = {"initial": {"row_version": found.row_version}, "auto_id": f"{name}-%s"}
    if name == "assign":
        given["initial"]["to"] = found.assignee.username if found.assignee else None
    elif name == "merge":
        given["others"] = others_to_merge_into(found)
    elif name == "publish":
        given["initial"]["lang"] = found.lang
    elif name == "accept":
        given["initial"]["lang"] = found.lang
        given |= {
            "corrections": found.corrections_since().order_by("-at")[:20],
            "reviews": found.reviews_since().order_by("-published_at")[:20],
        }
    form = _FORMS[name](data, **given)
    if name == "reject" and not hasattr(found, "letter"):
        # Whoever wrote has deleted it: nobody is told why.
        form.fields["words"].required = False
    return form


_FORMS: dict[str, Callable[..., forms.Form]] = {
    "assign": AssignFlagForm,
    "answer": AnswerFlagForm,
    "accept": AcceptFlagForm,
    "publish": PublishRectificationForm,
    "withdraw": WithdrawRectificationForm,
    "reject": AnswerFlagForm,
    "merge": MergeFlagForm,
    "reopen": ReopenFlagForm,
}


def _done(request: HttpRequest, code: str, name: str, deed: Callable[..., Any], words: str) -> HttpResponse:
    """Does a deed with what its form says; the page comes back with the form if it was refused."""
    found = _the_flag(code)
    there = reverse("desk:flag", args=[found.code])
    if request.method != "POST":
        return HttpResponseRedirect(there)
    form = _form(name, found, request.POST)
    status = attempt(form, lambda: deed(found, **form.cleaned_data, by=request.user, at=now()))
    if status != 200:
        return _page(request, found, status=status, **{name: form})
    send_reader_mail.enqueue()
    messages.success(request, words)
    return HttpResponseRedirect(there)


@for_the_desk("change_flag")
@posted
def flag_assign(request: HttpRequest, code: str) -> HttpResponse:
    answer = _done(request, code, "assign", deeds.assign, _("Saved."))
    send_notices.enqueue()
    return answer


@for_the_desk("change_flag")
@posted
def flag_answer(request: HttpRequest, code: str) -> HttpResponse:
    return _done(request, code, "answer", deeds.answer, _("The reader finds the answer on their page."))


@for_the_desk("decide_flag")
@posted
def flag_accept(request: HttpRequest, code: str) -> HttpResponse:
    return _done(request, code, "accept", deeds.accept, _("Accepted: readers see what came of it."))


@for_the_desk("decide_flag")
@posted
def flag_publish(request: HttpRequest, code: str) -> HttpResponse:
    """A rectification, as it was sent."""
    words = _("Published: it stands before the text, as it was sent.")
    return _done(request, code, "publish", deeds.publish_rectification, words)


@for_the_desk("refuse_rectification")
@posted
def flag_withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """The rectification that came of a flag."""

    def withdraw(found: Flag, **said: Any) -> None:
        deeds.withdraw_rectification(get_object_or_404(found.rectifications.standing()), **said)

    return _done(request, code, "withdraw", withdraw, _("Withdrawn: the page says why."))


@for_the_desk("decide_flag")
@posted
def flag_reject(request: HttpRequest, code: str) -> HttpResponse:
    return _done(request, code, "reject", deeds.reject, _("Rejected: the reader alone is told why."))


@for_the_desk("change_flag")
@posted
def flag_merge(request: HttpRequest, code: str) -> HttpResponse:
    return _done(request, code, "merge", deeds.merge, _("Merged: what comes of the other one comes of this."))


@for_the_desk("decide_flag")
@posted
def flag_reopen(request: HttpRequest, code: str) -> HttpResponse:
    return _done(request, code, "reopen", deeds.reopen, _("Reopened."))
