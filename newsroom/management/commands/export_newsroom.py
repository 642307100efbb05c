"""`manage.py export_newsroom`: everything into one file, from which `import_newsroom` makes it again."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO, cast

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now
from rich.console import Console
from rich.progress import Progress

from newsroom.actions import archiving
from newsroom.actions.refusals import Refused
from newsroom.formats.newsroom_archive import SHORTEST_PASSPHRASE, Sealing, Writer
from newsroom.formats.unreadable import Unreadable
from newsroom.models import User

PASSPHRASE = "CONTROLUCE_ARCHIVE_PASSPHRASE"


class Command(BaseCommand):
    help = (
        "Writes all rows, their history and records, people without passwords, and all files into one "
        "archive. Confidential sources go by a pseudonym; with --confidential they are in it as they are, "
        "and the archive is encrypted. The file is there when it is whole: interrupted, start it again."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--by", required=True, metavar="USERNAME", help="Who takes it out.")
        parser.add_argument(
            "--confidential",
            action="store_true",
            help=f"Encrypted, with the real names. The passphrase: {PASSPHRASE} or --passphrase-file.",
        )
        parser.add_argument("--passphrase-file", type=Path, metavar="FILE")

    def handle(self, *, file: Path, by, confidential, passphrase_file, verbosity, **options):
        user = person(by)
        secret = ""
        if confidential:
            secret = passphrase(passphrase_file)
            if len(secret) < SHORTEST_PASSPHRASE:
                raise CommandError(f"A passphrase has {SHORTEST_PASSPHRASE} characters at least.")
        elif passphrase_file:
            raise CommandError("A plain archive has no passphrase: did you mean --confidential?")
        with Progress(console=Console(stderr=True), disable=verbosity == 0, transient=True) as progress:
            try:
                with NamedTemporaryFile(dir=file.parent, prefix=f".{file.name}-", delete=False) as writing:
                    try:
                        out = cast(BinaryIO, Sealing(writing, secret) if confidential else writing)
                        with closing(Writer(out)) as writer:
                            done = archiving.export(
                                writer,
                                confidential=confidential,
                                by=user,
                                at=now(),
                                progress=telling(progress),
                            )
                        if confidential:
                            out.close()
                        writing.flush()
                        os.fsync(writing.fileno())
                    except BaseException:
                        Path(writing.name).unlink()
                        raise
                os.replace(writing.name, file)
            except FileNotFoundError:
                raise CommandError(f"{file.parent} is not there.") from None
            except (Refused, PermissionDenied, Unreadable) as error:
                raise CommandError(f"{in_words(error, by)} Nothing was written.") from None
            except KeyboardInterrupt:
                raise CommandError("Interrupted: nothing was written.") from None
        self.stdout.write(f"{file}: {sum(done.rows.values())} rows, {done.files} files")
        if confidential:
            self.stdout.write(
                "It is encrypted and says who confidential sources are: keep it, and the passphrase apart."
            )
        tell_pseudonyms(self.stdout, done.pseudonyms)
        for name in done.left:
            self.stdout.write(
                f"  a published text has the name of a confidential source, and keeps it: {name}"
            )
        for name in done.missing:
            self.stdout.write(f"  not there, though a row names it: {name}")
        if done.gone:
            self.stdout.write(
                f"  {done.gone} times an earlier state led to a row that is no more, and says so"
            )


def person(name: str) -> User:
    user = User.objects.filter(username=name, is_active=True).first()
    if user is None:
        raise CommandError(f"{name} is nobody here.")
    return user


def passphrase(file: Path | None) -> str:
    """From a file, its first line, or from the environment; never from the command line, which others see."""
    if file is not None:
        try:
            return file.read_text(encoding="utf-8").partition("\n")[0].rstrip("\r")
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from None
    if secret := os.environ.get(PASSPHRASE):
        return secret
    raise CommandError(f"The passphrase stands in {PASSPHRASE} or in the file of --passphrase-file.")


def telling(progress: Progress) -> Callable[[str, int, int], None]:
    task = progress.add_task("", total=None)

    def tell(name: str, number: int, of: int) -> None:
        progress.update(task, description=name, completed=number, total=of or None)

    return tell


def in_words(error: Exception, by: str) -> str:
    if isinstance(error, PermissionDenied):
        return f"{by} may not do this."
    return " ".join(error.messages) if isinstance(error, Refused) else str(error)


def tell_pseudonyms(stdout, pseudonyms: dict[str, str]) -> None:
    for uuid, name in sorted(pseudonyms.items()):
        stdout.write(f"  confidential source {uuid} goes as {name}")
