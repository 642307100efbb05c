"""The care of entities: a list with the likely doubles, and each with what it is made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from newsroom.actions import entities as deeds
from newsroom.actions.entities.merging import hold_to_the_rules
from newsroom.actions.refusals import Overtaken, Refused
from newsroom.forms import LiftingForm, NumberForm, ProtectionForm, SplitForm
from newsroom.models import Entity, EntityIdentifier
from newsroom.outside.reconciliation import look_up
from newsroom.outside.unfetchable import Unfetchable
from newsroom.presenters.entity_care import entities_page, entity_care, merged_when, merging
from newsroom.tasks.originals import policy

from .access import desk_page, for_the_desk

#: A decision is posted. Who comes to its address otherwise, back from signing in, is shown the entity.
decided = require_http_methods(["GET", "HEAD", "POST"])


@for_the_desk("view_entity")
@require_safe
def entities(request: HttpRequest) -> HttpResponse:
    template = "desk/_entities.html" if request.htmx else "desk/entities.html"
    return desk_page(request, template, page=entities_page(request.GET))


@for_the_desk("view_entity")
@require_safe
def entity(request: HttpRequest, code: str) -> HttpResponse:
    return _page(request, _entity(code))


@for_the_desk("merge_entity")
@decided
def entity_merge(request: HttpRequest, code: str) -> HttpResponse:
    """With whom, then what would move, then the deed."""
    found = _entity(code)
    given = request.POST if request.method == "POST" else request.GET
    other = given.get("into", "")
    into = get_object_or_404(Entity.objects.with_code(other)) if other else None
    if request.method != "POST" or into is None:
        return _merging(request, found, into, words=given.get("q", ""))
    try:
        stays = deeds.merge(found, into=into, by=request.user, at=now())
    except Refused as refusal:
        return _merging(request, _entity(code), into, refusal=refusal)
    messages.success(request, _("Merged: “%(name)s” is now “%(other)s”.") % {"name": found, "other": stays})
    return redirect("desk:entity", stays.code)


def _merging(
    request: HttpRequest,
    found: Entity,
    into: Entity | None,
    *,
    words: str = "",
    refusal: Refused | None = None,
) -> HttpResponse:
    if refusal is None and into is not None:
        # Said before the button is there: a preview promises nothing that the deed refuses.
        try:
            hold_to_the_rules(found, into)
        except Refused as foreseen:
            refusal = foreseen
    status = 200 if refusal is None or request.method != "POST" else _status(refusal)
    template = "desk/_entity_found.html" if request.htmx else "desk/entity_merge.html"
    return desk_page(
        request,
        template,
        page=merging(found, into, words=words),
        errors=refusal.messages if refusal else [],
        status=status,
    )


@for_the_desk("merge_entity")
@decided
def entity_unmerge(request: HttpRequest, code: str) -> HttpResponse:
    return _done(
        request,
        code,
        lambda found: deeds.unmerge(found, by=request.user, at=now()),
        _("They are two names again."),
    )


@for_the_desk("merge_entity", "add_entity")
@decided
def entity_split(request: HttpRequest, code: str) -> HttpResponse:
    found = _entity(code)
    if request.method != "POST":
        return redirect("desk:entity", code)
    form = SplitForm(request.POST)
    if not form.is_valid():
        return _page(request, found, split=form, status=422)
    try:
        part = deeds.split(found, by=request.user, at=now(), **form.cleaned_data)
    except Refused as refusal:
        return _page(request, _entity(code), split=form, errors=refusal.messages, status=_status(refusal))
    messages.success(request, _("Parted: this is “%(name)s” now.") % {"name": part})
    return redirect("desk:entity", part.code)


@for_the_desk("add_entityidentifier")
@decided
def entity_look_up(request: HttpRequest, code: str) -> HttpResponse:
    """Asks another catalogue who is meant. It is posted, for the name leaves the house."""
    found = _entity(code)
    scheme = request.POST.get("scheme", "")
    address = settings.RECONCILE_WITH.get(scheme)
    if request.method != "POST":
        return redirect("desk:entity", code)
    if address is None or not found.has_page:
        return _page(request, found, status=422, errors=[_("This name is not looked up there.")])
    try:
        likely = look_up(address, found.name, policy())
    except Unfetchable as reason:
        return _page(request, found, status=422, errors=[str(reason)])
    known = set(found.identifiers.filter(scheme=scheme).values_list("value", flat=True))
    catalogue = EntityIdentifier.Scheme(scheme)
    lines = [
        {
            "likely": each,
            "known": each.id in known,
            "url": EntityIdentifier.PAGES[catalogue].format(quote(each.id)),
        }
        for each in likely
    ]
    return _page(request, found, looked_up={"scheme": scheme, "name": catalogue.label, "lines": lines})


@for_the_desk("add_entityidentifier")
@decided
def entity_identify(request: HttpRequest, code: str) -> HttpResponse:
    """Writes down under which number another catalogue has it."""
    if request.method != "POST":
        return redirect("desk:entity", code)
    found = _entity(code)
    form = NumberForm(request.POST, instance=EntityIdentifier(entity=found))
    if not form.is_valid():
        return _page(request, found, status=422, number=form)
    try:
        deeds.identify(found, by=request.user, at=now(), **form.cleaned_data)
    except ValidationError as refusal:
        form.add_error(None, refusal.messages)
        return _page(request, found, status=422, number=form)
    messages.success(request, _("The number is written down."))
    return redirect("desk:entity", code)


@for_the_desk("change_entity")
@decided
def entity_protect(request: HttpRequest, code: str) -> HttpResponse:
    form = ProtectionForm(request.POST)
    return _decided(
        request, code, form, "protection", deeds.protect, _("Protected, on every page, from now on.")
    )


@for_the_desk("unprotect_entity")
@decided
def entity_unprotect(request: HttpRequest, code: str) -> HttpResponse:
    return _decided(
        request,
        code,
        LiftingForm(request.POST),
        "lifting",
        deeds.unprotect,
        _("It is not protected any more."),
    )


def _decided(
    request: HttpRequest, code: str, form: Any, name: str, deed: Callable[..., Entity], words: str
) -> HttpResponse:
    if request.method != "POST":
        return redirect("desk:entity", code)
    if not form.is_valid():
        return _page(request, _entity(code), status=422, **{name: form})
    return _done(
        request, code, lambda found: deed(found, by=request.user, at=now(), **form.cleaned_data), words
    )


def _done(request: HttpRequest, code: str, deed: Callable[[Entity], Any], words: str) -> HttpResponse:
    found = _entity(code)
    if request.method != "POST":
        return redirect("desk:entity", code)
    try:
        deed(found)
    except Refused as refusal:
        return _page(request, _entity(code), errors=refusal.messages, status=_status(refusal))
    messages.success(request, words)
    return redirect("desk:entity", code)


def _status(refusal: Refused) -> int:
    return 409 if isinstance(refusal, Overtaken) else 422


def _entity(code: str) -> Entity:
    rows = Entity.objects.select_related("merged_into", "merge__actor", "protected_by")
    return get_object_or_404(rows.with_code(code))


def _page(request: HttpRequest, found: Entity, *, status: int = 200, **context: Any) -> HttpResponse:
    page = entity_care(found, number=request.GET.get("page", "1"))
    forms = {
        "split": SplitForm(initial={"kind": found.kind}),
        "protection": ProtectionForm(initial={"privacy": found.privacy}),
        "lifting": LiftingForm(),
        "number": NumberForm(),
    }
    catalogues = [
        (scheme, EntityIdentifier.Scheme(scheme).label, urlsplit(address).hostname)
        for scheme, address in settings.RECONCILE_WITH.items()
    ]
    said = forms | {"catalogues": catalogues, "merged": merged_when(found)} | context
    return desk_page(request, "desk/entity.html", page=page, status=status, **said)
