"""`manage.py demo`: the seed newsroom on this computer, ready to be used."""

from __future__ import annotations

import os
import secrets

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from newsroom.actions import roles
from newsroom.models import Article, User

CAST = ("reporter", "checker", "editor")


class Command(BaseCommand):
    help = "Prepares the seed newsroom in the embedded database, prints who may sign in, and serves it."

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
        parser.add_argument("--no-serve", action="store_true", help="Prepare and print, do not serve.")

    def handle(self, *, port: int, no_serve: bool, **options):
        if not settings.DEMO:
            raise CommandError(
                "This is for the demonstration: set CONTROLUCE_DEMO=1, on a computer of your own."
            )
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        if not Article.objects.exists():
            call_command("loaddata", "seed", verbosity=0)
        # A demonstration that is older than the search has rows that nothing finds yet.
        call_command("rebuild_search", verbosity=0)
        roles.sync()
        article = Article.objects.published(at=timezone.now()).first()
        address = f"http://127.0.0.1:{port}"
        self.stdout.write(f"\n  Controluce, demonstration newsroom: {address}/")
        if article is not None:
            self.stdout.write(f"  The annotated article:              {address}{article.get_absolute_url()}")
        self.stdout.write(f"  For the newsroom:                   {address}/admin/\n")
        for username in CAST:
            self.stdout.write(f"    {username:<10} password {self._password(username)}")
        self.stdout.write("\n  These passwords are new at each start. Stop with Ctrl-C.\n")
        self.stdout.flush()
        if not no_serve:
            call_command("runserver", f"127.0.0.1:{port}", use_reloader=False)

    def _password(self, username: str) -> str:
        user = User.objects.get(username=username)
        password = secrets.token_urlsafe(9)
        user.set_password(password)
        user.save(update_fields=["password"])
        return password
