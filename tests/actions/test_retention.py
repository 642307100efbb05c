"""What is kept on people goes when the settings say so, by one command, or when they ask."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import StringIO

import pytest
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils.timezone import now
from django_tasks_db.models import DBTaskResult

from newsroom.actions import people, retention
from newsroom.models import (
    Delivery,
    FlagLetter,
    KeptAnswer,
    Original,
    PolicyReport,
    Presence,
    SavedView,
    User,
)
from tests.making import (
    make_article,
    make_flag,
    make_kept_answer,
    make_lockout,
    make_original,
    make_policy_report,
    make_user,
)

pytestmark = pytest.mark.django_db

LONG_AGO = timedelta(days=2000)


def make_old_rows(at: datetime) -> None:
    """One of each kind that goes, of long ago, and beside it one of today."""
    for moment in (at - LONG_AGO, at):
        when = moment.timestamp()
        make_flag(at=moment, due=moment, address=f"a{when:.0f}@lettori.example")
        Session.objects.create(
            session_key=f"s{when:.0f}", session_data="", expire_date=moment + timedelta(hours=1)
        )
        make_lockout(username=f"u{when:.0f}")
        AccessAttempt.objects.filter(username=f"u{when:.0f}").update(attempt_time=moment)
        Presence.objects.create(user=make_user(), article=make_article(), seen_at=moment)
        make_kept_answer(at=moment)
        make_policy_report(first_at=moment, last_at=moment, blocked=f"https://a{when:.0f}.example")
        DBTaskResult.objects.create(
            status="SUCCESSFUL", enqueued_at=moment, started_at=moment, finished_at=moment,
            task_path="newsroom.tasks.readings.read_texts", backend_name="default",
            args_kwargs={"args": [], "kwargs": {}},
            run_after=moment,
        )  # fmt: skip


def test_what_is_old_goes_and_what_is_of_today_stays() -> None:
    at = now()
    make_old_rows(at)
    gone = retention.enforce(at=at)
    kinds = (
        "addresses", "letters", "sessions", "failed sign-ins", "presences", "tasks", "answers to programs",
        "policy reports",
    )  # fmt: skip
    assert {kind: gone[kind] for kind in kinds} == dict.fromkeys(kinds, 1)
    tables = (FlagLetter, Session, AccessAttempt, Presence, KeptAnswer, PolicyReport, DBTaskResult)
    assert {table.objects.count() for table in tables} == {1}
    assert not any(retention.enforce(at=at).values())


def test_the_command_says_what_would_go_and_deletes_nothing() -> None:
    make_flag(at=now() - LONG_AGO, due=now())
    said = StringIO()
    call_command("enforce_retention", dry_run=True, stdout=said)
    assert "1 letters would go." in said.getvalue()
    assert FlagLetter.objects.exists()
    call_command("enforce_retention", stdout=said)
    assert "1 letters gone." in said.getvalue()
    assert not FlagLetter.objects.exists()


def test_in_somebodys_name_it_takes_unused_imports_too(editor: User) -> None:
    make_original(at=now() - LONG_AGO)
    call_command("enforce_retention", stdout=StringIO(), verbosity=0)
    assert Original.objects.exists()
    call_command("enforce_retention", username="editor", stdout=StringIO(), verbosity=0)
    assert not Original.objects.exists()


def test_deliveries_of_more_than_a_month_ago_go() -> None:
    assert retention.enforce(at=now())["deliveries"] == 0
    assert not Delivery.objects.exists()


def test_who_left_is_somebody_without_a_name(editor: User) -> None:
    chief = make_user(is_superuser=True)
    person = make_user(username="ada.neri", first_name="Ada", last_name="Neri", email="ada@example.org",
                       role_title="Caposervizio", is_active=False)  # fmt: skip
    SavedView.objects.create(user=person, name="Le mie", query="state=drafts")
    people.forget(person, by=chief, at=now())
    person.refresh_from_db()
    told = (person.username, person.first_name, person.last_name, person.email, person.role_title)
    assert told == (f"leaver-{person.pk}", "", "", "", "")
    assert not SavedView.objects.exists()


def test_who_has_access_is_not_forgotten() -> None:
    with pytest.raises(people.Refused):
        people.forget(make_user(is_staff=True), by=make_user(is_superuser=True), at=now())
