"""What an address leads to is fetched and read; so are the pictures that a draft names on the web."""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_tasks import task

from newsroom.actions import originals
from newsroom.actions.refusals import Refused
from newsroom.formats import incoming, pictures
from newsroom.formats.draft import Draft
from newsroom.formats.unreadable import Unreadable
from newsroom.models import Original, Picture
from newsroom.outside.addresses import public_or_in
from newsroom.outside.fetch import Page, Policy, fetch
from newsroom.outside.unfetchable import Unfetchable

#: Of one original; and the bytes of each.
MOST_PICTURES, PICTURE_SIZE = 30, 8_000_000
PICTURE_TYPES = ("image/png", "image/jpeg", "image/gif", "image/webp")


def policy(**given: Any) -> Policy:
    """What this site fetches, by its settings."""
    fields = {
        "seconds": settings.FETCH_SECONDS,
        "size": settings.UPLOAD_LIMIT,
        "ports": frozenset(settings.FETCH_PORTS),
        "content_types": tuple(incoming.TYPES),
        "permits": public_or_in(settings.FETCH_NETWORKS),
    }
    return Policy(**(fields | given))


@task
def finish_original(uuid: str, *, language: str) -> None:
    """Fetches what an original waits for. It ends as ready or failed, with the reason in this language."""
    original = Original.objects.waiting().filter(uuid=uuid).select_related("by").first()
    if original is None:
        return
    with translation.override(language):
        try:
            _finish(original)
        except (Unfetchable, Unreadable) as reason:
            originals.failed(original, message=str(reason), by=original.by, at=now())
        except Refused:
            return  # another worker was quicker
        except Exception:
            message = _("It could not be read, by a fault of this program: the administrator can see which.")
            originals.failed(original, message=message, by=original.by, at=now())
            raise


def _finish(original: Original) -> None:
    page = fetch(original.address, policy()) if original.draft is None else None
    found = illustrated(_read(page) if page else Draft.from_data(original.draft), from_the_web=True)
    originals.read_done(
        original,
        draft=found.draft.to_data(),
        body=page.body if page else None,
        content_type=page.content_type if page else "",
        pictures=found.pictures,
        by=original.by,
        at=now(),
    )


def _read(page: Page) -> Draft:
    draft = incoming.read(page.body, incoming.TYPES[page.content_type], charset=page.charset, url=page.url)
    return draft if draft.canonical_url else replace(draft, canonical_url=page.url)


@dataclass(frozen=True, slots=True)
class Illustrated:
    """A draft whose pictures have their place here; `waits` if some are still where they were on the web."""

    draft: Draft
    pictures: list[Picture]
    waits: bool


def illustrated(draft: Draft, *, from_the_web: bool) -> Illustrated:
    """The draft with the pictures that came along, and with those of the web if they shall be fetched now.

    One that cannot be had, or be drawn, is left out, and the draft says so.
    """
    kept: list[Picture] = []
    places: dict[str, str] = {}
    lost, waits, end = 0, False, monotonic() + settings.FETCH_SECONDS
    for address in pictures.addresses(draft.html):
        came_along = address in draft.pictures or address.startswith(pictures.EMBEDDED_SITE)
        if address.startswith("/"):
            places[address] = address  # it has its place
        elif not came_along and not from_the_web:
            places[address], waits = address, True
        elif picture := _picture(draft, address, end=end) if len(kept) < MOST_PICTURES else None:
            kept.append(picture)
            places[address] = picture.get_absolute_url()
        else:
            lost += 1
    if lost:
        draft = draft.warned(
            ngettext(
                "%(number)s picture could not be had and was left out.",
                "%(number)s pictures could not be had and were left out.",
                lost,
            )
            % {"number": lost}
        )
    return Illustrated(replace(draft, html=pictures.placed(draft.html, places)), kept, waits)


def _picture(draft: Draft, address: str, *, end: float) -> Picture | None:
    """The picture, drawn anew and not saved yet; None if it cannot be had before `end`."""
    came_along = draft.pictures.get(address)
    body = came_along if came_along is not None else _fetched(address, end=end)
    if body is None or (drawn := pictures.draw(body)) is None:
        return None
    picture = Picture(width=drawn.width, height=drawn.height)
    picture.file = ContentFile(drawn.body, name=str(picture.uuid))
    if came_along is None:
        picture.address = address[: Picture._meta.get_field("address").max_length]
    return picture


def _fetched(address: str, *, end: float) -> bytes | None:
    left = end - monotonic()
    if left <= 0:
        return None
    try:
        return fetch(address, policy(seconds=left, size=PICTURE_SIZE, content_types=PICTURE_TYPES)).body
    except Unfetchable:
        return None
