"""`manage.py clear_letters`: what is kept on readers who flagged something goes when its time is over."""

from __future__ import annotations

from django.core.management.base import BaseCommand
from django.utils.timezone import now

from newsroom.actions import flags


class Command(BaseCommand):
    help = (
        "Deletes addresses that no reader confirmed within a week, those of flags that were decided "
        "CONTROLUCE_FLAG_ADDRESS_DAYS ago, and whole letters with their answers after "
        "CONTROLUCE_FLAG_LETTER_DAYS. That there was a flag, and its public outcome, stays. May be run as "
        "often as wanted."
    )

    def handle(self, **options):
        gone = flags.forget(at=now())
        self.stdout.write(
            f"{gone['addresses']} addresses, {gone['letters']} letters and {gone['links']} links gone."
        )
