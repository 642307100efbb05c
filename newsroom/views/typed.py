"""What was typed when its form could not be taken: the session had ended, or the form's token was an old one.

Nothing of it is stored: it travels within the page that answers, signed and for hours, and is sent again by a
button alone, under which stands in whose name.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.middleware.csrf import get_token
from django.shortcuts import render, resolve_url
from django.urls import Resolver404, resolve, reverse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.defaults import permission_denied

from newsroom.forms import SignInForm
from newsroom.forms.labels import is_typed, label_of
from newsroom.forms.sections import PAGE, typed_sections
from newsroom.models import Newsroom

#: The field of the sign-in page that what was typed travels in.
CARRIED = "carried"
#: Long enough for a night; the signature counts its seconds from the refusal on.
SECONDS = 12 * 60 * 60
#: Characters of what is signed. A form that holds it has to be read, besides the name and the password.
LONGEST = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2
_SALT = "newsroom.typed"
#: In the admin, forms that are no work of the desk, or whose words are secrets.
_NEVER = {"login", "logout", "password_change", "auth_user_password_change"}


@dataclass(frozen=True, slots=True)
class Typed:
    """A form as it was sent: its address, its fields in order, the names of files, that cannot be carried."""

    to: str
    fields: list[list[str]]
    files: list[str]
    #: As it came back from the sign-in page, whose clock no second try sets anew.
    seal: str = ""
    #: It came back too late to be sent, and is shown to be copied.
    late: bool = False

    @property
    def words(self) -> list[list[str]]:
        """The fields that somebody wrote in, as far as can be told; the others are the form's own."""
        return [[name, value] for name, value in self._written() if len(value.split()) > 1]

    @property
    def labelled(self) -> list[tuple[str, str]]:
        """What stands in the form, under the labels of its fields."""
        found = resolve(urlsplit(self.to).path)
        parts = (found.url_name or "").split("_")
        model = parts[1] if found.namespace == "admin" and len(parts) == 3 else ""
        return [(label_of(name, model), value) for name, value in self._written() if value.strip()]

    def _written(self) -> list[list[str]]:
        """Without the fields that are the form's own; of a page with several forms, what was touched."""
        typed = [[name, value] for name, value in self.fields if is_typed(name)]
        data = QueryDict(mutable=True)
        for name, value in self.fields:
            data.appendlist(name, value)
        if PAGE not in data:
            return typed
        touched = ("body-", *(f"{prefix}-" for prefix in typed_sections(data)))
        return [[name, value] for name, value in typed if name.startswith(touched)]

    def signed(self) -> str:
        """For a hidden field; empty if it is longer than can be sent again."""
        what = {"to": self.to, "fields": self.fields, "files": self.files}
        signed = self.seal or signing.dumps(what, salt=_SALT, compress=True)
        return signed if len(signed) <= LONGEST else ""


def from_our_page(request: HttpRequest) -> bool:
    """Whether the browser itself says that one of our pages sent this. Who says nothing is not believed."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin") or request.headers.get("Referer", "")
    try:
        sent = urlsplit(origin)
    except ValueError:  # no address at all
        return False
    return (sent.scheme, sent.netloc) == (request.scheme, request.get_host())


def typed_in(request: HttpRequest) -> Typed | None:
    """What one of our pages sent to the desk or the admin; none of what may not be carried."""
    there = request.get_full_path()
    if request.method != "POST" or not _may_be_carried(there) or not from_our_page(request):
        return None
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > settings.UPLOAD_LIMIT + LONGEST:
            return None
        given, files = request.POST, request.FILES
    except (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent, MultiPartParserError):
        return None
    if any("password" in name for name in given):
        return None
    fields = [
        [name, value] for name, values in given.lists() if name != "csrfmiddlewaretoken" for value in values
    ]
    return Typed(there, fields, [file.name or "" for _name, each in files.lists() for file in each])


def carried_in(request: HttpRequest) -> Typed | None:
    """What the sign-in page brings back, if we signed it; late, if that was too long ago."""
    seal = request.POST.get(CARRIED, "")
    try:
        typed = Typed(**signing.loads(seal, salt=_SALT), seal=seal)
        signing.loads(seal, salt=_SALT, max_age=SECONDS)
    except signing.SignatureExpired:
        typed = replace(typed, late=True)
    except signing.BadSignature:
        return None
    return typed if _may_be_carried(typed.to) else None


def _may_be_carried(there: str) -> bool:
    try:
        parts = urlsplit(there)
        found = resolve(parts.path)
    except (Resolver404, ValueError):
        return False
    if parts.scheme or parts.netloc:
        return False
    return found.namespace in {"desk", "admin"} and found.url_name not in _NEVER


# The pages


def session_ended(
    request: HttpRequest, typed: Typed, *, form: Any = None, status: int = 401, wait: int = 0
) -> HttpResponse:
    """401: a page to sign in on, with what was typed. `wait`: so many seconds before that will be taken."""
    form = form or SignInForm(request)
    said = {"typed": typed, "form": form, "carried": typed.signed(), "wait": wait}
    return _page(request, "desk/session_ended.html", status, **said)


def session_ended_part(request: HttpRequest, page: str) -> HttpResponse:
    """401 to htmx: what to show beside a page that stays as it is (static/js/session.js)."""
    return _part(request, 401, page=page)


def typed_page(
    request: HttpRequest, typed: Typed, *, status: int = 200, wait: int = 0, closed: bool = False
) -> HttpResponse:
    """What was typed, and a button that sends it as who is signed in now, to be judged like any form.

    `wait`: so many seconds before it will be taken. `closed`: once a second factor was proved.
    """
    return _page(request, "desk/typed.html", status, typed=typed, wait=wait, closed=closed)


def second_factor_needed(request: HttpRequest) -> HttpResponse:
    """403 to what was sent before that: with what was typed, beside a page that stays, or alone."""
    if getattr(request, "htmx", False):
        answer = render(request, "desk/_second_factor_needed.html", status=403)
        answer.headers["X-Session"] = "closed"
        return _private(answer)
    typed = typed_in(request)
    if typed and (typed.fields or typed.files):
        return typed_page(request, typed, status=403, closed=True)
    return _page(request, "desk/second_factor_needed.html", 403)


def token_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The answer to a form without the token of this browser (CSRF_FAILURE_VIEW).

    Signing in makes a new token, and a page that stood open in another tab has the old one. If the browser
    says that the page was ours, it gets back what it sent, to send it again; another site is plainly refused.
    """
    if not from_our_page(request):
        return _private(permission_denied(request, PermissionError(reason), template_name="403_csrf.html"))
    inside = request.user.is_active and request.user.is_staff
    if getattr(request, "htmx", False):
        page = request.htmx.current_url_abs_path or resolve_url("desk:home")
        return _part(request, 403 if inside else 401, page=page, inside=inside)
    # Of the sign-in page itself only what it carries is kept.
    typed = typed_in(request) or carried_in(request)
    if typed is None:
        return _private(permission_denied(request, PermissionError(reason), template_name="403_csrf.html"))
    return typed_page(request, typed, status=403) if inside else session_ended(request, typed)


def _part(request: HttpRequest, status: int, *, page: str, inside: bool = False) -> HttpResponse:
    answer = render(request, "desk/_session.html", {"page": page, "inside": inside}, status=status)
    answer.headers["X-Session"] = "changed" if inside else "ended"
    if inside:
        answer.headers["X-Signed-In"] = str(request.user.pk)
        answer.headers["X-Fresh-Token"] = get_token(request)
    return _private(answer)


def _page(request: HttpRequest, template: str, status: int, **context: Any) -> HttpResponse:
    context |= {
        "newsroom": Newsroom.objects.current(),
        "demo": settings.DEMO,
        **ways_in(),
    }
    return _private(render(request, template, context, status=status))


def ways_in() -> dict[str, Any]:
    """How somebody can sign in here, for the form to say so."""
    return {
        "sign_in": reverse("admin:login"),
        "sends_mail": settings.SENDS_MAIL and settings.PASSWORDS,
        "passwords": settings.PASSWORDS,
        "provider": settings.OIDC.name if settings.OIDC else "",
    }


def _private(answer: HttpResponse) -> HttpResponse:
    patch_cache_control(answer, private=True, no_store=True)
    patch_vary_headers(answer, ["HX-Request", "Cookie"])
    return answer
