"""The one app of the project."""

from __future__ import annotations

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class NewsroomConfig(AppConfig):
    name = "newsroom"
    verbose_name = _("newsroom")

    def ready(self):
        post_migrate.connect(lay_triggers, sender=self)


def lay_triggers(*, using: str, **_: object) -> None:
    """After every `migrate`, whatever it did to the tables."""
    # Models are there only once the apps are.
    from newsroom.models import guards, search_triggers

    search_triggers.lay(connections[using])
    guards.lay(connections[using])
