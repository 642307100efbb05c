"""How the site is: what `/health/ready`, `manage.py doctor`, the admin's page and Prometheus tell of it.

What is asked often is asked in a fixed number of queries. What calls another host is asked by the doctor
alone.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, lru_cache
from importlib.metadata import PackageNotFoundError, version
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import Group
from django.core import checks
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.template.defaultfilters import filesizeformat
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from django_tasks_db.models import DBTaskResult
from requests import RequestException

from newsroom.models import ClaimEntry, Deed, Newsroom, Notice, User, search_triggers
from newsroom.models.search_entries import ENTRIES
from newsroom.models.searchable import SearchDebt
from newsroom.outside import backups, erasures, identity, machine, mail, replicas
from newsroom.text.embeddings import UnusableEmbedder

from .meanings import meanings

#: Bytes without which nothing can be written any more; and those under which somebody should look.
NO_ROOM, LITTLE_ROOM = 64 * 1024**2, 1024**3
#: What waits longer than this waits for a worker that is not there.
PATIENCE = timedelta(minutes=10)
BACKUP_AGE, DRILL_AGE = timedelta(hours=26), timedelta(days=35)
#: So long a use of the emergency account is worth a look.
EMERGENCY_AGE = timedelta(days=30)
CERTIFICATE_LEFT = timedelta(days=14)
#: Rows of each kind whose entry in the search is compared, the newest.
LOOKED_INTO = 50
#: Claims that may wait for the embedding model, besides a tenth of all.
WAITING_CLAIMS = 100

OK, WARN, FAIL, SKIPPED = "ok", "warn", "fail", "skipped"
#: The states in words, for the page.
STATES = {
    OK: gettext_noop("In order"),
    WARN: gettext_noop("To be looked at"),
    FAIL: gettext_noop("Wrong"),
    SKIPPED: gettext_noop("Not asked"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one thing, and what to do about it if it is not in order."""

    name: str
    title: str
    state: str
    said: str
    todo: str = ""

    @property
    def state_in_words(self) -> str:
        return _(STATES[self.state])


# Ready


@cache
def _known_migrations() -> frozenset[tuple[str, str]]:
    """Those of this release: read from the files once in the life of a process."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).graph.nodes)


def pending_migrations() -> list[str]:
    applied = set(MigrationRecorder.Migration.objects.values_list("app", "name"))
    return sorted(f"{app}.{name}" for app, name in _known_migrations() - applied)


def ready() -> dict[str, bool]:
    """Whether the site can do its work, thing by thing: two queries, whatever there is in the database."""
    answer = dict.fromkeys(("database", "migrations", "queue", "disk"), False)
    answer["disk"] = machine.room(settings.VAR_DIR)[0] >= NO_ROOM
    try:
        answer["migrations"] = not pending_migrations()
        answer["database"] = True
        # That it can be written to. What waits in it waits for a worker, which is no fault of this process.
        DBTaskResult.objects.values("pk").first()
        answer["queue"] = True
    except DatabaseError:
        pass
    return answer


def figures(*, at: datetime) -> dict[str, float]:
    """What Prometheus is told besides the requests."""
    told = {"tasks_waiting": float(DBTaskResult.objects.ready().count())}
    oldest = _oldest_waiting()
    told["tasks_waiting_seconds"] = (at - oldest).total_seconds() if oldest else 0.0
    told["disk_free_bytes"] = float(machine.room(settings.VAR_DIR)[0])
    for replica in replicas.looked_at():
        name = replica.alias.replace("-", "_")
        told[f"{name}_usable"] = float(replica.is_usable)
        if replica.behind is not None:
            told[f"{name}_behind_seconds"] = replica.behind
    if there := backups.kept(settings.BACKUPS_DIR):
        told["backup_age_seconds"] = (at - there[0].at).total_seconds()
    if drill := backups.last_drill(settings.BACKUPS_DIR):
        told["drill_age_seconds"] = (at - drill["at"]).total_seconds()
    return told


def _oldest_waiting() -> datetime | None:
    waiting = DBTaskResult.objects.ready().order_by("enqueued_at")
    return waiting.values_list("enqueued_at", flat=True).first()


# The doctor


def examine(*, at: datetime, outside: bool = False) -> list[Finding]:
    """Looks at everything; with `outside` at the mail server and the certificate as well."""
    looks: list[Callable[[datetime], Finding]] = [
        _settings,
        _database,
        _migrations,
        _clock,
        _disk,
        _static_files,
        _queue,
        _search,
        _embeddings,
        _backup,
        _drill,
        _erasures,
        _notices,
    ]
    if replicas.aliases():
        looks.insert(2, _replicas)
    if settings.OIDC or settings.EMERGENCY_ACCOUNT:
        looks.append(_emergency)
    if settings.OIDC:
        looks.append(_provider_roles)
    if settings.OIDC and outside:
        looks.append(_provider)
    if outside:
        looks += [_mail, _certificate]
    return [look(at) for look in looks]


def _settings(at: datetime) -> Finding:
    name, title = "settings", _("Settings")
    if settings.DEBUG or settings.DEMO:
        said = _("This is the demonstration, or debugging: open to this machine alone.")
        return Finding(name, title, SKIPPED, said)
    found = [one for one in checks.run_checks(include_deployment_checks=True) if not one.is_silenced()]
    if not settings.ALLOWED_HOSTS:
        return Finding(name, title, FAIL, _("The site answers to no name."), _("Set CONTROLUCE_HOSTS."))
    if serious := [one for one in found if one.level >= checks.WARNING]:
        said = "; ".join(f"{one.id}: {one.msg}" for one in serious)
        return Finding(name, title, FAIL, said, _("Run manage.py check --deploy and do what it says."))
    if not settings.SECURE_HSTS_SECONDS or not (settings.SECURE_SSL_REDIRECT or settings.BEHIND_PROXY):
        said = _("Browsers are not told to insist on HTTPS.")
        todo = _("Set CONTROLUCE_HSTS_SECONDS, and CONTROLUCE_HTTPS_REDIRECT or CONTROLUCE_BEHIND_PROXY.")
        return Finding(name, title, WARN, said, todo)
    return Finding(name, title, OK, _("Closed as they should be, HTTPS alone."))


def _database(at: datetime) -> Finding:
    return Finding("database", _("Database"), OK, database_version())


def _replicas(at: datetime) -> Finding:
    there = replicas.looked_at()
    name, title, away = "replicas", _("Replicas"), [one for one in there if not one.is_usable]
    said = _("%(usable)s of %(number)s can be read.") % {
        "usable": len(there) - len(away),
        "number": len(there),
    }
    if away:
        said += " " + "; ".join(f"{one.alias}: {_(one.why_not)}" for one in away)
        return Finding(name, title, WARN, said, _("Look at the log of that PostgreSQL server."))
    return Finding(name, title, OK, said)


def _migrations(at: datetime) -> Finding:
    title = _("Tables")
    if pending := pending_migrations():
        said = ngettext(
            "%(number)s change is not made yet: %(first)s.",
            "%(number)s changes are not made yet, the first is %(first)s.",
            len(pending),
        ) % {"number": len(pending), "first": pending[0]}
        return Finding("migrations", title, FAIL, said, _("Make a backup, then run manage.py migrate."))
    return Finding("migrations", title, OK, _("As this release needs them."))


def _clock(at: datetime) -> Finding:
    title, off = _("Clock"), timedelta(0)
    latest = Deed.objects.order_by("-at").values_list("at", flat=True).first()
    if latest and latest > at:
        off = latest - at
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            off = max(off, abs(cursor.fetchone()[0] - at) - timedelta(seconds=5))
    if off > timedelta(minutes=1):
        said = _("The clock differs by %(seconds)s seconds from the database, or from the log.") % {
            "seconds": round(off.total_seconds())
        }
        return Finding("clock", title, FAIL, said, _("Let the machine keep its time (chrony, timesyncd)."))
    return Finding("clock", title, OK, _moment(at))


def _disk(at: datetime) -> Finding:
    places = [settings.VAR_DIR, settings.BACKUPS_DIR]
    free, total = min(map(machine.room, places))
    said = _("%(free)s of %(total)s are free.") % {
        "free": filesizeformat(free),
        "total": filesizeformat(total),
    }
    todo = _("Make room, or move CONTROLUCE_VAR_DIR or CONTROLUCE_BACKUPS to a larger disk.")
    state = FAIL if free < NO_ROOM else WARN if free < LITTLE_ROOM else OK
    return Finding("disk", _("Disk"), state, said, "" if state == OK else todo)


def _static_files(at: datetime) -> Finding:
    title = _("Static files")
    if settings.DEBUG or (settings.STATIC_ROOT / "staticfiles.json").exists():
        return Finding("static", title, OK, _("Collected."))
    todo = _("Run manage.py collectstatic --no-input.")
    return Finding("static", title, FAIL, _("They were not collected."), todo)


def _queue(at: datetime) -> Finding:
    title = _("Queue")
    waiting, failed = DBTaskResult.objects.ready().count(), DBTaskResult.objects.failed().count()
    oldest = _oldest_waiting()
    said = _("%(waiting)s wait, %(failed)s failed.") % {"waiting": waiting, "failed": failed}
    if oldest and at - oldest > PATIENCE:
        said += " " + _("The oldest waits for %(minutes)s minutes.") % {
            "minutes": (at - oldest) // timedelta(minutes=1)
        }
        return Finding("queue", title, FAIL, said, _("Start a worker: manage.py work."))
    if failed:
        todo = _("Read in the log why; manage.py prune_db_task_results clears what is done.")
        return Finding("queue", title, WARN, said, todo)
    return Finding("queue", title, OK, said)


def _search(at: datetime) -> Finding:
    title, out = _("Search index"), len(search_triggers.missing(connection)) + SearchDebt.objects.count()
    for entry in ENTRIES:
        rows = entry._meta.get_field("row").related_model._base_manager.order_by("-pk")
        out += abs(rows.count() - entry._base_manager.count())
        out += len(entry.differing(list(rows.values_list("pk", flat=True)[:LOOKED_INTO])))
    if out:
        said = ngettext("%(number)s thing is out of step.", "%(number)s things are out of step.", out) % {
            "number": out
        }
        return Finding("search", title, FAIL, said, _("Run manage.py rebuild_search."))
    return Finding(
        "search", title, OK, _("In step, as far as was looked: the triggers, the numbers, the newest.")
    )


def _embeddings(at: datetime) -> Finding:
    name, title = "embeddings", _("Embedding model")
    if not settings.EMBEDDINGS:
        return Finding(name, title, SKIPPED, _("None is named: claims are matched by their words."))
    try:
        model = meanings()
        if model is None:
            raise UnusableEmbedder
        model.encode(["Controluce"], "")
    except UnusableEmbedder as unusable:
        said = _("%(name)s cannot be used, claims are matched by their words: %(why)s") % {
            "name": settings.EMBEDDINGS,
            "why": unusable,
        }
        todo = _("Install its package, or take CONTROLUCE_EMBEDDINGS away.")
        return Finding(name, title, WARN, said, todo)
    waiting = ClaimEntry.without_vector(model.of).count()
    said = ngettext(
        "%(model)s; %(number)s claim is not read yet.",
        "%(model)s; %(number)s claims are not read yet.",
        waiting,
    ) % {"model": model.of, "number": waiting}
    if waiting > ClaimEntry.objects.count() // 10 + WAITING_CLAIMS:
        return Finding(name, title, WARN, said, _("Run manage.py embed_claims."))
    return Finding(name, title, OK, said)


def _backup(at: datetime) -> Finding:
    name, title = "backup", _("Last backup")
    todo = _("Run manage.py backup every night (deploy/ has a timer).")
    if not settings.BACKUP_KEY:
        return Finding(
            name, title, FAIL, _("There is no key to make one with."), _("Set CONTROLUCE_BACKUP_KEY_FILE.")
        )
    there = backups.kept(settings.BACKUPS_DIR)
    if not there:
        return Finding(
            name, title, FAIL, _("There is none in %(folder)s.") % {"folder": settings.BACKUPS_DIR}, todo
        )
    said = _("%(moment)s, %(size)s.") % {
        "moment": _moment(there[0].at),
        "size": filesizeformat(there[0].size),
    }
    old = at - there[0].at > BACKUP_AGE
    return Finding(name, title, FAIL if old else OK, said, todo if old else "")


def _drill(at: datetime) -> Finding:
    title, drill = _("Last backup restored on trial"), backups.last_drill(settings.BACKUPS_DIR)
    todo = _("Run manage.py backup --drill every week or month.")
    if drill is None:
        return Finding("drill", title, WARN, _("None was ever restored."), todo)
    old = at - drill["at"] > DRILL_AGE
    said = _moment(drill["at"])
    return Finding("drill", title, WARN if old else OK, said, todo if old else "")


def _erasures(at: datetime) -> Finding:
    name, title = "erasures", _("List of erasures")
    try:
        number = len(erasures.listed(settings.ERASURES_FILE))
    except (erasures.BrokenList, OSError) as broken:
        said = _("It cannot be read: %(why)s.") % {"why": broken}
        return Finding(name, title, FAIL, said, _("Take it from where a copy of it is kept."))
    if number and settings.ERASURE_KEY == settings.SECRET_KEY:
        said = _("Its key is the secret of the site, which must then never change.")
        todo = _("Before the next erasure set CONTROLUCE_ERASURE_KEY_FILE to the same value.")
        return Finding(name, title, WARN, said, todo)
    return Finding(name, title, OK, str(number))


def _notices(at: datetime) -> Finding:
    name, title = "notices", _("Notices")
    waiting = Notice.objects.due().count()
    said = _("%(number)s wait to be sent.") % {"number": waiting}
    if waiting and settings.SENDS_MAIL:
        return Finding(name, title, WARN, said, _("Run manage.py send_notices (deploy/ has a timer)."))
    return Finding(name, title, OK, said)


def _emergency(at: datetime) -> Finding:
    """Whether it could be used, and whether it was."""
    name, title = "emergency", _("Emergency account")
    if not settings.EMERGENCY_ACCOUNT:
        said = _(
            "None is named: while the identity provider is away, who has no password here comes in nowhere."
        )
        return Finding(name, title, WARN, said, _("Set CONTROLUCE_EMERGENCY_ACCOUNT."))
    person = User.objects.at_work().filter(username=settings.EMERGENCY_ACCOUNT).first()
    if person is None or not person.has_usable_password():
        said = _("%(name)s cannot sign in.") % {"name": settings.EMERGENCY_ACCOUNT}
        return Finding(name, title, FAIL, said, _("Give it access and a password: manage.py changepassword."))
    if not person.second_factors.exists():
        said = _("%(name)s has no second factor: whoever has its password sets one up.") % {
            "name": person.username
        }
        return Finding(name, title, WARN, said, _("Sign in as it once, and set one up."))
    used = Deed.objects.filter(verb="emergency.use", at__gt=at - EMERGENCY_AGE).order_by("-at").first()
    if used:
        said = _("Last used %(moment)s.") % {"moment": _moment(used.at)}
        return Finding(
            name, title, WARN, said, _("Make sure that it was one of you, and change its password.")
        )
    return Finding(name, title, OK, _("Ready, and not used lately."))


def _provider_roles(at: datetime) -> Finding:
    name, title = "provider-roles", _("Roles by groups of the identity provider")
    wanted = set(settings.OIDC.roles.values())
    if missing := wanted - set(Group.objects.filter(name__in=wanted).values_list("name", flat=True)):
        said = _("There is no role %(names)s.") % {"names": ", ".join(sorted(missing))}
        return Finding(name, title, FAIL, said, _("Correct CONTROLUCE_OIDC_ROLES, or make the group."))
    return Finding(name, title, OK, ", ".join(sorted(wanted)))


def _provider(at: datetime) -> Finding:
    name, title = "provider", _("Identity provider")
    try:
        identity.reached()
    except RequestException as fault:
        said = _("It was not reached: %(why)s") % {"why": fault}
        todo = _("Check CONTROLUCE_OIDC_ISSUER and CONTROLUCE_OIDC_NETWORKS; who is away may come back.")
        return Finding(name, title, FAIL, said, todo)
    return Finding(name, title, OK, _("Reached."))


def _mail(at: datetime) -> Finding:
    name, title = "mail", _("Mail server")
    if not settings.SENDS_MAIL:
        said = _("None is named: no mail is sent.")
        return Finding(name, title, WARN, said, _("Set CONTROLUCE_MAIL_URL and CONTROLUCE_MAIL_FROM."))
    try:
        mail.reached()
    except OSError as refused:
        # The class says enough; the words could repeat an account's name.
        said = _("It was not reached, or it refused: %(why)s.") % {"why": type(refused).__name__}
        return Finding(name, title, FAIL, said, _("Check CONTROLUCE_MAIL_URL, and the mail server."))
    return Finding(name, title, OK, _("Reached."))


def _certificate(at: datetime) -> Finding:
    name, title = "certificate", _("Certificate")
    address = urlsplit(Newsroom.objects.current().address)
    if settings.DEMO or settings.DEBUG or not address.hostname:
        return Finding(
            name, title, SKIPPED, _("The newsroom has no public address yet, or is a demonstration.")
        )
    todo = _("Renew it, and reload the proxy before the site.")
    if address.scheme != "https":
        return Finding(name, title, FAIL, _("The public address is not https."), _("Change it in the admin."))
    try:
        ends = machine.certificate_ends(address.hostname, address.port or 443)
    except OSError as refused:
        return Finding(name, title, FAIL, _("It was not had: %(why)s.") % {"why": refused}, todo)
    state = FAIL if ends < at else WARN if ends - at < CERTIFICATE_LEFT else OK
    said = _("It holds until %(day)s.") % {"day": ends.date().isoformat()}
    return Finding(name, title, state, said, "" if state == OK else todo)


def _moment(at: datetime) -> str:
    return date_format(localtime(at), "SHORT_DATETIME_FORMAT")


# Versions


@lru_cache(maxsize=1)
def _packages() -> tuple[tuple[str, str], ...]:
    def found() -> Iterator[tuple[str, str]]:
        for name in ("django", "granian", "django-tasks-db", "psycopg"):
            try:
                yield name, version(name)
            except PackageNotFoundError:
                continue

    return tuple(found())


def versions() -> list[tuple[str, str]]:
    """What runs here. For who runs the machine."""
    newest = max(name for app, name in _known_migrations() if app == "newsroom")
    return [
        ("schema", newest),
        ("python", platform.python_version()),
        *_packages(),
        ("database", database_version()),
    ]


def database_version() -> str:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SHOW server_version")
            return f"PostgreSQL {cursor.fetchone()[0]}"
        cursor.execute("SELECT sqlite_version()")
        return f"SQLite {cursor.fetchone()[0]}"
