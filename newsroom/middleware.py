"""What happens to every request."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils import translation


class LanguageFromPath:
    """The language of a page is in its address: English under /en/, Italian elsewhere.

    Unlike Django's LocaleMiddleware it asks neither a header nor a cookie: a page is one for all who open it,
    so it can be cached, shared and quoted. `i18n_patterns` reads the language that is active here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        language = "en" if request.path_info == "/en" or request.path_info.startswith("/en/") else "it"
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class QueryWithoutNul:
    """No character 0 reaches a view by the address: PostgreSQL's texts have none, and nobody types one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.META["QUERY_STRING"] = request.META.get("QUERY_STRING", "").replace("%00", "")
        return self.get_response(request)
