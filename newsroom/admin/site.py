"""The admin's name."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

admin.site.site_header = "Controluce"
admin.site.site_title = "Controluce"
admin.site.index_title = _("The newsroom's records")
admin.site.empty_value_display = "—"
