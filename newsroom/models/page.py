"""The newsroom's own pages: what it discloses about itself, each at an address, with every version kept."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .identity import Identified, IdentifiedQuerySet, LangField


class PageQuerySet(IdentifiedQuerySet):
    def with_current(self) -> Self:
        """With `current_title`, `current_number` and `current_at` of what readers see, in the same query."""
        newest = PageVersion.objects.filter(page=OuterRef("pk")).newest_first()
        return self.annotate(
            **{f"current_{name}": Subquery(newest.values(name)[:1]) for name in ("title", "number", "at")}
        )

    def in_one_language(self, lang: str) -> list[Page]:
        """One page for each address: in this language, or in the first that it was written in."""
        found: dict[str, Page] = {}
        for page in self.order_by("slug", "lang"):
            if page.slug not in found or page.lang == lang:
                found[page.slug] = page
        return list(found.values())


class Page(Identified):
    """A page in one language; what it says is its newest version."""

    class Place(models.TextChoices):
        METHOD = "method", _("on the page of the method")
        NOWHERE = "", _("nowhere: by its address alone")

    slug = models.SlugField(
        _("address"),
        max_length=60,
        help_text=_("The last part of it, the same in every language: /about/…/"),
    )
    lang = LangField()
    place = models.CharField(
        _("where it is linked"), max_length=8, choices=Place, default=Place.METHOD, blank=True
    )

    objects = PageQuerySet.as_manager()

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ("slug", "lang")
        constraints = (
            models.UniqueConstraint(name="page_once_per_language", fields=("slug", "lang")),
            models.CheckConstraint(name="page_place_known", condition=Q(place__in=["method", ""])),
        )

    def __str__(self) -> str:
        return f"{self.slug} ({self.lang})"

    def get_absolute_url(self) -> str:
        return reverse("reader:page", args=[self.slug])


class PageVersionQuerySet(IdentifiedQuerySet):
    def newest_first(self) -> Self:
        return self.order_by("-number")


class PageVersion(Identified):
    """What a page said from a moment on. It never changes (`guards.py`); an erasure may replace its words."""

    page = models.ForeignKey(Page, models.PROTECT, related_name="versions", verbose_name=_("page"))
    number = models.PositiveIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=200)
    #: Markdown.
    text = models.TextField(_("text"))
    note = models.CharField(
        _("note"), max_length=300, help_text=_("What changed, and why: readers see it beside the version.")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="page_versions", verbose_name=_("who")
    )
    at = models.DateTimeField(_("at"))

    objects = PageVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a page")
        verbose_name_plural = _("versions of pages")
        ordering = ("page", "-number")
        constraints = (
            models.UniqueConstraint(name="page_version_numbered_once", fields=("page", "number")),
            models.CheckConstraint(name="page_version_counted", condition=Q(number__gte=1)),
            models.CheckConstraint(
                name="page_version_has_words", condition=~Q(title="") & ~Q(text="") & ~Q(note="")
            ),
        )

    def __str__(self) -> str:
        return f"{self.title} · {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("reader:page-version", args=[self.page.slug, self.number])
