"""`manage.py end_access USERNAME --as WHO`: somebody left, and comes in nowhere any more."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now

from newsroom.actions import people
from newsroom.actions.refusals import Refused
from newsroom.models import User


class Command(BaseCommand):
    help = (
        "Ends all that somebody comes in with: the account, its sessions, the tokens that act as it; and "
        "frees the claims that were theirs to check. --undo gives the account back, without the rest."
    )

    def add_arguments(self, parser):
        parser.add_argument("username", help="Who leaves.")
        parser.add_argument(
            "--as", dest="by", required=True, help="Who decides: the user name that the log shows."
        )
        parser.add_argument("--undo", action="store_true", help="Give the account back.")

    def handle(self, *, username, by, undo, **options):
        person = User.objects.filter(username=username).first()
        decider = User.objects.filter(username=by, is_active=True).first()
        if person is None or decider is None:
            raise CommandError(f"{username if person is None else by} is nobody here.")
        try:
            if undo:
                people.give_back_access(person, by=decider, at=now())
                self.stdout.write(f"{username} has access again: set a password, issue new tokens.")
                return
            left = people.end_access(person, by=decider, at=now())
        except (Refused, PermissionDenied) as refused:
            raise CommandError(" ".join(getattr(refused, "messages", [str(refused)]))) from None
        self.stdout.write(
            f"{username} has no access any more: {left.sessions} sessions, {len(left.revoked)} tokens ended."
        )
        for claim in left.released:
            self.stdout.write(f"nobody checks any more: {claim.code} {claim}")
        for token in left.known:
            self.stdout.write(f"they know the secret of a token that acts as another, exchange it: {token}")
