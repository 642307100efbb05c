"""`manage.py recheck_documents`: the oldest first, politely, as often as wanted."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils.timezone import now

from newsroom.management.commands import recheck_documents
from newsroom.models import Document, DocumentCheck, Evidence, User
from tests.local_web import LocalWeb, page
from tests.making import make_check, make_claim, make_document, make_evidence

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def only_ours(rows: None) -> None:
    """The documents of the seed stand on the web, where no test goes."""
    Evidence.objects.update(withdrawn_at=now(), withdrawal_reason="Non qui.")


def recheck(**given: Any) -> str:
    said = StringIO()
    call_command("recheck_documents", username="reporter", pause=0, stdout=said, verbosity=0, **given)
    return said.getvalue()


def used(url: str, **given: Any) -> Document:
    document = make_document(url=url, **given)
    make_evidence(make_claim(), document=document)
    return document


def test_those_are_looked_at_that_are_evidence_and_have_an_address(web: LocalWeb) -> None:
    used(web.serve("/a", page()))
    used(web.url("/b"))
    make_document(url=web.url("/c"))
    make_evidence(make_claim())
    used(web.url("/d"), withdrawn_at=now(), withdrawal_reason="Falso.")
    assert recheck() == "2 of 2 looked at. first 1, gone 1\n"
    assert sorted(path for _host, path in web.asked) == ["/a", "/b"]
    assert {check.by.username for check in DocumentCheck.objects.all()} == {"reporter"}


def test_the_oldest_come_first_and_the_latest_are_left_out(web: LocalWeb) -> None:
    for path, days in (("/a", 30), ("/b", 90), ("/c", 1)):
        make_check(used(web.url(path)), checked_at=now() - timedelta(days=days))
    used(web.url("/d"))
    recheck()
    assert [path for _host, path in web.asked] == ["/d", "/b", "/a"]
    assert recheck() == "0 of 0 looked at.\n"


def test_it_goes_on_where_it_was_interrupted(web: LocalWeb, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in ("/a", "/b", "/c"):
        used(web.serve(path, page()))
    real = recheck_documents.look

    def interrupted(check: DocumentCheck) -> DocumentCheck:
        if web.asked:
            raise KeyboardInterrupt
        return real(check)

    with monkeypatch.context() as patched:
        patched.setattr(recheck_documents, "look", interrupted)
        with pytest.raises(CommandError, match="Interrupted"):
            recheck()
    assert len(web.asked) == 1
    assert recheck() == "2 of 2 looked at. first 2\n"
    assert sorted(path for _host, path in web.asked) == ["/a", "/b", "/c"]
    assert not DocumentCheck.objects.waiting().exists()


def test_so_many_and_no_more(web: LocalWeb) -> None:
    for path in ("/a", "/b"):
        used(web.serve(path, page()))
    assert recheck(limit=1) == "1 of 1 looked at. first 1\n"


def test_between_two_questions_to_a_site_it_waits(web: LocalWeb, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr(recheck_documents, "sleep", waited.append)
    for path in ("/a", "/b"):
        used(web.serve(path, page()))
    call_command("recheck_documents", username="reporter", pause=60, stdout=StringIO(), verbosity=0)
    assert len(waited) == 1 and 50 < waited[0] <= 60


@pytest.mark.parametrize("name", ["nobody", "stranger"])
def test_it_is_done_in_the_name_of_somebody_who_may(name: str) -> None:
    User.objects.create(username="stranger", password="!")
    with pytest.raises(CommandError, match=name):
        call_command("recheck_documents", username=name, stdout=StringIO(), verbosity=0)
