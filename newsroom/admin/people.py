"""The people of the newsroom. Groups are Django's own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db import transaction
from django.forms import BaseModelFormSet, ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from newsroom.actions import deeds
from newsroom.models import User

from .keeping import Kept
from .watching import Watched


@admin.register(User)
class PersonAdmin(Kept, Watched, UserAdmin):
    """Somebody who leaves is made inactive: what they did keeps its name."""

    list_display = ("username", "first_name", "last_name", "role_title", "signature", "is_active", "is_staff")
    list_filter = ("signature", *UserAdmin.list_filter)
    fieldsets = (
        *UserAdmin.fieldsets,
        (_("In public"), {"fields": ("role_title", "signature")}),
        (_("Notices"), {"fields": ("notices", "language")}),
    )

    def save_related(
        self, request: HttpRequest, form: ModelForm, formsets: list[BaseModelFormSet], change: bool
    ) -> None:
        """A save leaves a deed: whose page it was and which fields, their rights among them; no values."""
        super().save_related(request, form, formsets, change)
        if form.changed_data or not change:
            self._record(
                request, "person.change" if change else "person.add", form.instance, form.changed_data
            )

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        with transaction.atomic():
            answer = super().user_change_password(request, id, form_url)
            person = self.get_object(request, id) if answer.status_code == 302 else None
            if request.method == "POST" and person is not None:
                self._record(request, "person.change", person, ["password"])
        return answer

    def _record(self, request: HttpRequest, verb: str, person: User, fields: Iterable[str]) -> None:
        after: dict[str, Any] = {"person": person.username}
        typed = sorted({name.replace("password1", "password") for name in fields} - {"password2"})
        deeds.record(verb, by=request.user, at=now(), after=after | {"fields": typed})
