"""The one app of the project."""

from __future__ import annotations

import gc
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db import connections
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class NewsroomConfig(AppConfig):
    name = "newsroom"
    verbose_name = _("newsroom")

    def ready(self):
        # Rows and tags by the thousand, all of them still wanted: looked through after every 700 new ones,
        # as Python does by itself, a fourth to a third of an import or export is spent on finding nothing.
        gc.set_threshold(50_000, 20, 20)
        pre_migrate.connect(lift_guards, sender=self)
        post_migrate.connect(lay_triggers, sender=self)
        if settings.SLOW_QUERY_MS:
            connection_created.connect(time_queries)


def time_queries(*, connection: Any, **_: object) -> None:
    """Once for each connection, however often it is opened again."""
    from newsroom.outside.logs import SlowQueries

    if not any(isinstance(wrapper, SlowQueries) for wrapper in connection.execute_wrappers):
        connection.execute_wrappers.append(SlowQueries(settings.SLOW_QUERY_MS))


def lift_guards(*, using: str, **_: object) -> None:
    """SQLite changes a table by making it anew, and a trigger elsewhere that names it is in the way."""
    from newsroom.models import guards, shown_triggers

    guards.lift(connections[using])
    shown_triggers.lift(connections[using])


def lay_triggers(*, using: str, **_: object) -> None:
    """After every `migrate`, whatever it did to the tables."""
    # Models are there only once the apps are.
    from newsroom.models import guards, search_triggers, shown_triggers

    search_triggers.lay(connections[using])
    shown_triggers.lay(connections[using])
    guards.lay(connections[using])
