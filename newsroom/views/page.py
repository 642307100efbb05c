"""Pages of other apps in the look of the house."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from .access import page_context


class HousePage:
    """Mixed into a view of django-allauth: what each page of the desk says, and 422 for what is wrong."""

    request: HttpRequest

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mine: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]  # of the view
        return mine | page_context(self.request)

    def form_invalid(self, form: Any) -> Any:
        answer = super().form_invalid(form)  # type: ignore[misc]  # of the view
        if answer.status_code == 200:
            answer.status_code = 422
        return answer
