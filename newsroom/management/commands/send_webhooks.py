"""`manage.py send_webhooks`: tells other programs what waits, and forgets what was told long ago."""

from __future__ import annotations

from collections import Counter

from django.core.management.base import BaseCommand
from django.utils.timezone import now

from newsroom.models import Delivery
from newsroom.tasks.webhooks import sent


class Command(BaseCommand):
    help = (
        "Sends the deliveries that are due; may be run at any time, and as often as wanted. With a worker "
        "there is no need of it, but for the deliveries of more than a month ago, which it deletes."
    )

    def handle(self, **options):
        states = Counter(sent(Delivery.objects.due(at=now()).order_by("next_at", "pk")))
        gone, _each = Delivery.objects.old(at=now()).delete()
        for state, number in sorted(states.items()):
            self.stdout.write(f"{number} {state}")
        self.stdout.write(f"{gone} of more than a month ago deleted.")
