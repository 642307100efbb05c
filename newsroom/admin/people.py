"""The people of the newsroom. Groups are Django's own."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.utils.translation import gettext_lazy as _

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
