"""The newsroom's own pages, and the versions that each of them had."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language

from newsroom.models import Page, PageVersion


@dataclass(frozen=True, slots=True)
class PageShown:
    page: Page
    version: PageVersion
    #: Whether another one took its place since.
    is_earlier: bool
    has_others: bool


@dataclass(frozen=True, slots=True)
class PageVersions:
    page: Page
    title: str
    versions: tuple[PageVersion, ...]


def linked_pages() -> list[Page]:
    """Those that the page of the method lists, in the reader's language where they are. One query."""
    return Page.objects.filter(place=Page.Place.METHOD).with_current().in_one_language(get_language())


def page_shown(slug: str, number: int | None = None) -> PageShown | None:
    """A page as it reads now, or its version of that number; None if there is none. Two queries."""
    page = _page(slug)
    if page is None:
        return None
    newest: int = page.current_number
    version = page.versions.select_related("by").filter(number=number or newest).first()
    if version is None:
        return None
    # What is known of it already is not asked for again.
    version.page = page
    return PageShown(page, version, is_earlier=version.number < newest, has_others=newest > 1)


def page_versions(slug: str) -> PageVersions | None:
    """All versions of a page, the newest first, without their texts. Two queries."""
    page = _page(slug)
    if page is None:
        return None
    versions = tuple(page.versions.newest_first().select_related("by").defer("text"))
    for version in versions:
        version.page = page
    return PageVersions(page, versions[0].title, versions)


def _page(slug: str) -> Page | None:
    found = Page.objects.filter(slug=slug).with_current().exclude(current_number=None)
    return next(iter(found.in_one_language(get_language())), None)
