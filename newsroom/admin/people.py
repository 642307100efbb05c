"""The people of the newsroom. Groups are Django's own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.db import transaction
from django.db.models import QuerySet
from django.forms import BaseModelFormSet, ModelForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.timezone import now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from newsroom.actions import deeds, people
from newsroom.models import Claim, User

from .doing import do
from .keeping import Kept
from .watching import Watched


@admin.register(User)
class PersonAdmin(Kept, Watched, UserAdmin):
    """Somebody who leaves loses all access in one go: what they did keeps its name."""

    list_display = ("username", "first_name", "last_name", "role_title", "signature", "is_active", "is_staff")
    list_filter = ("signature", *UserAdmin.list_filter)
    fieldsets = (
        *UserAdmin.fieldsets,
        (_("In public"), {"fields": ("role_title", "signature")}),
        (_("Notices"), {"fields": ("notices", "language")}),
    )

    actions = (
        "end_access_selected",
        "give_back_access_selected",
        "take_second_factors_away",
        "forget_selected",
    )

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Whether somebody has access is decided by the two actions, which end sessions and tokens too."""
        fields = super().get_readonly_fields(request, obj)
        return fields if obj is None else (*fields, "is_active")

    @admin.action(description=_("End all access: they leave"), permissions=["change"])
    def end_access_selected(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        def end(person: User, **given: Any) -> None:
            self._tell_what_ended(request, people.end_access(person, **given))

        do(self, request, queryset, end, done=gettext("No access any more: %s."))

    @admin.action(description=_("Give access back"), permissions=["change"])
    def give_back_access_selected(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        done = gettext("Access again: %s. Set a new password; tokens have to be issued anew.")
        do(self, request, queryset, people.give_back_access, done=done)

    def _tell_what_ended(self, request: HttpRequest, left: people.Left) -> None:
        if left.released:
            links = format_html_join(
                ", ", '<a href="{}">{}</a>', ((_desk(claim), str(claim)) for claim in left.released)
            )
            words = gettext("Nobody checks these claims any more, assign them anew:")
            self.message_user(request, format_html("{} {}", words, links), messages.WARNING)
        if left.known:
            words = gettext("They know the secrets of tokens that act as others, exchange them: %s.")
            self.message_user(request, words % ", ".join(map(str, left.known)), messages.WARNING)

    @admin.action(description=_("Take second factors away"), permissions=["change"])
    def take_second_factors_away(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        do(
            self,
            request,
            queryset,
            people.take_second_factors_away,
            done=gettext("Without a second factor: %s."),
        )

    @admin.action(description=_("Forget who left: take their name away"), permissions=["change"])
    def forget_selected(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        do(self, request, queryset, people.forget, done=gettext("Without a name from now on: %s."))

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


def _desk(claim: Claim) -> str:
    return reverse("desk:claim", args=[claim.code])
