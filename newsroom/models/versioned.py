"""Rows that more than one person may have open: each knows how often it was saved."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Versioned(models.Model):
    """`row_version` counts the saves, whatever wrote them: who comes second is told by it."""

    row_version = models.PositiveIntegerField(_("version of the row"), default=1, editable=False)

    class Meta:
        abstract = True

    def save(self, **kwargs):
        if not self._state.adding:
            self.row_version += 1
            if (names := kwargs.get("update_fields")) is not None:
                kwargs["update_fields"] = {*names, "row_version"}
        super().save(**kwargs)
