"""The pictures of articles: for readers who may see the article whole, else for the desk."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import patch_cache_control
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from newsroom.formats.pictures import CONTENT_TYPE
from newsroom.models import Picture
from newsroom.presenters.second_factor import proved

#: Seconds that others may keep a public picture: an article can be withdrawn.
KEPT = 60 * 60
SHARED, UNSHARED = {"public": True, "max_age": KEPT}, {"private": True, "no_store": True}


@require_safe
def picture(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A public one asks nobody who they are, and can be shared; another is for the desk alone."""
    found = get_object_or_404(Picture.objects.select_related("original__article"), uuid=uuid)
    public = found.is_public(at=now(), demo=settings.DEMO)
    if not public and not (
        request.user.is_staff and (proved(request) or not request.user.needs_second_factor)
    ):
        raise Http404
    response = HttpResponse(found.file.open().read(), content_type=CONTENT_TYPE)
    patch_cache_control(response, **(SHARED if public else UNSHARED))
    return response
