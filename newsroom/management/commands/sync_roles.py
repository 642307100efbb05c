"""`manage.py sync_roles`: gives the groups of the newsroom their permissions."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from newsroom.actions import roles


class Command(BaseCommand):
    help = "Gives the groups Reporter, Checker and Editor exactly the permissions of this release."

    def handle(self, **options):
        roles.sync()
        self.stdout.write("Reporter, Checker, Editor: permissions are in step.")
