"""What each person of the desk keeps for themselves: how to sign and be told, and views of the articles."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from newsroom.forms import MeForm, SavedViewForm
from newsroom.models import SavedView, User
from newsroom.presenters import board, desk

from .access import desk_page, for_the_desk


@dataclass(frozen=True, slots=True)
class FilteredList:
    """A list of the desk whose filters can be kept: the name of its address, and what makes its page."""

    name: str
    template: str
    filter_query: Callable[[Mapping[str, str]], str]
    page: Callable[..., Any]


LISTS = {
    SavedView.Of.ARTICLES: FilteredList("home", "desk/home.html", desk.filter_query, desk.home_page),
    SavedView.Of.REVIEWS: FilteredList("reviews", "desk/reviews.html", board.filter_query, board.board_page),
}


@for_the_desk()
@require_http_methods(["GET", "HEAD", "POST"])
def me(request: HttpRequest) -> HttpResponse:
    """My signature in public, and whether and in which language I get notices."""
    # A row of its own: the form writes into it before it finds what is wrong.
    mine = User.objects.get(pk=request.user.pk)
    if request.method != "POST":
        return desk_page(request, "desk/me.html", form=MeForm(instance=mine))
    form = MeForm(request.POST, instance=mine)
    if not form.is_valid():
        return desk_page(request, "desk/me.html", form=form, status=422)
    form.save()
    messages.success(request, _("Saved."))
    return redirect("desk:me")


@for_the_desk()
@require_http_methods(["GET", "HEAD", "POST"])
def views(request: HttpRequest) -> HttpResponse:
    """Keeps the filter that stands in the address under a name of mine, and leads back to what it shows.

    `of` says of which list it is.
    """
    of = SavedView.Of.REVIEWS if request.GET.get("of") == SavedView.Of.REVIEWS else SavedView.Of.ARTICLES
    query = LISTS[of].filter_query(request.GET)
    there = reverse(f"desk:{LISTS[of].name}") + (f"?{query}" if query else "")
    if request.method != "POST" or not query:
        return HttpResponseRedirect(there)
    form = SavedViewForm(request.POST, user=request.user, of=of)
    if not form.is_valid():
        page = LISTS[of].page(request.user, request.GET, at=now())
        return desk_page(request, LISTS[of].template, page=page, view_form=form, status=422)
    name = form.cleaned_data["name"]
    SavedView.objects.get_or_create(user=request.user, of=of, name=name, defaults={"query": query})
    messages.success(request, _("The view “%(name)s” is kept.") % {"name": name})
    return HttpResponseRedirect(there)


@for_the_desk()
@require_POST
def view_drop(request: HttpRequest, code: str) -> HttpResponse:
    view = get_object_or_404(SavedView.objects.with_code(code), user=request.user)
    view.delete()
    messages.success(request, _("The view “%(name)s” is dropped.") % {"name": view.name})
    return redirect(f"desk:{LISTS[SavedView.Of(view.of)].name}")
