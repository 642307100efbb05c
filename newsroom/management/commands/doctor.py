"""`manage.py doctor`: how the site is, and what to do about what is not in order."""

from __future__ import annotations

import json
from dataclasses import asdict

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.timezone import now

from newsroom.presenters import condition

_MARKS = {condition.OK: "✓", condition.WARN: "!", condition.FAIL: "✗", condition.SKIPPED: "–"}


class Command(BaseCommand):
    help = (
        "Looks at the settings, the database and its tables, the clock, the disk, the queue, the search, the "
        "last backup and drill, the list of erasures, the mail server and the certificate, and says what to "
        "do. Fails if anything is wrong; what is only to be looked at does not fail it."
    )
    # It is there to say so itself.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="As JSON, for other programs.")
        parser.add_argument(
            "--no-outside", action="store_true", help="Do not ask the mail server or for the certificate."
        )
        parser.add_argument(
            "--lang",
            choices=[code for code, _name in settings.LANGUAGES],
            default=settings.LANGUAGE_CODE,
            help="In which language.",
        )

    def handle(self, *, lang: str, no_outside: bool, **options):
        with translation.override(lang):
            found = condition.examine(at=now(), outside=not no_outside)
            wrong = [one for one in found if one.state == condition.FAIL]
            if options["json"]:
                said = [asdict(one) for one in found]
                self.stdout.write(
                    json.dumps({"well": not wrong, "findings": said}, ensure_ascii=False, indent=1)
                )
            else:
                for one in found:
                    self.stdout.write(f"{_MARKS[one.state]} {one.title}: {one.said}")
                    if one.todo:
                        self.stdout.write(f"    → {one.todo}")
            if wrong:
                # The names are the same in every language.
                raise CommandError(", ".join(one.name for one in wrong))
