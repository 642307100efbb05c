"""`manage.py clear_policy_reports`: what browsers reported more than thirty days ago goes."""

from __future__ import annotations

from django.core.management.base import BaseCommand
from django.utils.timezone import now

from newsroom.models import PolicyReport


class Command(BaseCommand):
    help = (
        "Deletes the reports of the content security policy that nobody repeated for thirty days. A new kind "
        "of report clears them as well: this is for a site that gets none any more."
    )

    def handle(self, **options):
        gone, _each = PolicyReport.objects.expired(at=now()).delete()
        self.stdout.write(f"{gone} gone.")
