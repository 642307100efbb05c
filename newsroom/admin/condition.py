"""The page that says how the site is, for who runs it: versions, and what the doctor finds here."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from newsroom.presenters import condition


def condition_page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """What would call another host is not asked here: a page must not wait for that."""
    if not getattr(request.user, "is_superuser", False):
        raise PermissionDenied
    found = condition.examine(at=now())
    context |= {"title": _("How the site is"), "findings": found, "versions": condition.versions()}
    return TemplateResponse(request, "admin/condition.html", context)
