"""The newsroom's own pages: each saved text is a version, at once for readers, and none goes away."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from newsroom.models import Page, PageVersion, User

from .deeds import record
from .refusals import Overtaken, Refused, require


@transaction.atomic
def create(
    *,
    slug: str,
    lang: str,
    title: str,
    text: str,
    note: str,
    by: User,
    at: datetime,
    place: str = Page.Place.METHOD,
) -> Page:
    """A page with its first version. Raises ValidationError if it is there in this language already."""
    require(by, "add_page")
    page = Page(slug=slug, lang=lang, place=place)
    page.full_clean()
    page.save()
    version = _write(page, 1, title=title, text=text, note=note, by=by, at=at)
    record("page.create", by=by, at=at, objects=[page, version], after={"slug": slug, "lang": lang})
    return page


@transaction.atomic
def revise(
    page: Page,
    *,
    title: str,
    text: str,
    note: str,
    based_on: int,
    by: User,
    at: datetime,
    place: str | None = None,
) -> PageVersion:
    """The next version of a page, or the same one if it is only linked elsewhere (`place`).

    `based_on` is the number of the version that was being edited: `Overtaken` is raised if it is not the
    newest any more. What changes nothing is refused, and so is a change that does not say what it is.
    """
    require(by, "change_page")
    page = Page.objects.select_for_update().get(pk=page.pk)
    before = page.versions.newest_first().first()
    if before is None or before.number != based_on:
        raise Overtaken.on_row(page)
    place = page.place if place is None else place
    version, text = before, _as_kept(text)
    if (title.strip(), text) != (before.title, before.text):
        version = _write(page, before.number + 1, title=title, text=text, note=note, by=by, at=at)
    elif place == page.place:
        raise Refused(_("The page is the same as before."), code="unchanged")
    was = {"number": before.number, "place": page.place}
    if place != page.place:
        page.place = place
        page.full_clean()
        page.save(update_fields=["place"])
    record(
        "page.revise",
        by=by,
        at=at,
        objects=[page, version],
        before=was,
        after={"number": version.number, "place": place},
    )
    return version


def _write(
    page: Page, number: int, *, title: str, text: str, note: str, by: User, at: datetime
) -> PageVersion:
    if not note.strip():
        raise Refused(_("Say what this version is, or what changed: readers see it."), code="note")
    version = PageVersion(
        page=page, number=number, title=title.strip(), text=_as_kept(text), note=note.strip(), by=by, at=at
    )
    version.full_clean()
    version.save()
    return version


def _as_kept(text: str) -> str:
    """Browsers send the ends of lines as two characters."""
    return text.replace("\r\n", "\n").strip()
