"""The newsroom's own pages: written here, by deeds; each save is a version that readers can go back to."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from newsroom.actions import pages
from newsroom.forms import PageForm
from newsroom.models import Page, PageVersion

from .keeping import Kept, ReadOnly, ShownInline
from .listing import Listed
from .publishing import SavedByDeeds


class PageVersionInline(ShownInline):
    model = PageVersion
    fields = ("number", "title", "note", "by", "at")
    ordering = ("-number",)
    view_on_site = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[PageVersion]:
        return super().get_queryset(request).select_related("by").defer("text")


@admin.register(Page)
class PageAdmin(Kept, SavedByDeeds):
    form = PageForm
    watched = False  # the deed asks for the version
    list_display = ("slug", "lang", "title", "version", "changed", "place")
    list_filter = ("lang", "place")
    search_fields = ("slug", "versions__title")
    fieldsets = (
        (None, {"fields": ("slug", "lang", "place")}),
        (_("What it says"), {"fields": ("title", "text", "note", "based_on")}),
    )
    inlines = (PageVersionInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Page]:
        return super().get_queryset(request).with_current()

    def get_readonly_fields(self, request: HttpRequest, obj: Page | None = None) -> Any:
        """At another address it is another page."""
        return ("slug", "lang") if obj else ()

    def get_fieldsets(self, request: HttpRequest, obj: Page | None = None) -> Any:
        """Who may only look sees the versions below."""
        shown = super().get_fieldsets(request, obj)
        return shown if obj is None or self.has_change_permission(request, obj) else shown[:1]

    def get_inlines(self, request: HttpRequest, obj: Page | None) -> tuple[Any, ...]:
        return self.inlines if obj else ()

    def save_model(self, request: HttpRequest, obj: Page, form: PageForm, change: bool) -> None:
        said = {name: form.cleaned_data[name] for name in ("title", "text", "note")}
        by, at = request.user, now()
        if change:
            number = form.cleaned_data["based_on"] or 0
            pages.revise(obj, based_on=number, place=obj.place, by=by, at=at, **said)
            return
        # The admin goes on with the object it made itself: from here on that is the page.
        obj.pk = pages.create(slug=obj.slug, lang=obj.lang, place=obj.place, by=by, at=at, **said).pk
        obj.refresh_from_db()

    def view_on_site(self, page: Page) -> str:
        return _address_in(page.lang, page)

    @admin.display(description=_("title"))
    def title(self, page: Any) -> str:
        return page.current_title

    @admin.display(description=_("version"))
    def version(self, page: Any) -> int:
        return page.current_number

    @admin.display(description=_("at"))
    def changed(self, page: Any) -> Any:
        return page.current_at


@admin.register(PageVersion)
class PageVersionAdmin(ReadOnly, Listed):
    list_display = ("page", "number", "title", "note", "by", "at")
    list_display_links = ("page", "number")
    list_select_related = ("page", "by")
    list_filter = ("page__lang", "at")
    search_fields = ("title", "text", "note")
    ordering = ("-at", "-id")

    def view_on_site(self, version: PageVersion) -> str:
        return _address_in(version.page.lang, version)


def _address_in(lang: str, row: Page | PageVersion) -> str:
    """Where readers find it in its own language, if the site speaks that."""
    with translation.override(lang if lang in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE):
        return row.get_absolute_url()
