"""`manage.py clear_answers`: what programs were answered more than a day ago goes."""

from __future__ import annotations

from django.core.management.base import BaseCommand
from django.utils.timezone import now

from newsroom.models import KeptAnswer


class Command(BaseCommand):
    help = (
        "Deletes the answers that are kept for programs that send something twice (Idempotency-Key), once "
        "they are a day old. Each token clears its own as it writes: this is for tokens that do not any more."
    )

    def handle(self, **options):
        gone, _each = KeptAnswer.objects.expired(at=now()).delete()
        self.stdout.write(f"{gone} gone.")
