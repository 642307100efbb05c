"""What browsers report of the content security policy is counted by kind, and tells of nobody's visit."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from newsroom.middleware import REPORTS
from newsroom.models import PolicyReport, User
from newsroom.models.policy_report import MOST, REST
from newsroom.views import policy_reports
from tests.making import LATER, make_policy_report

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]
ONE, MANY = "application/csp-report", "application/reports+json"


def report(**said: Any) -> dict[str, Any]:
    return {
        "document-uri": "http://testserver/articles/il-ponte/?from=posta&who=ada",
        "effective-directive": "script-src-elem",
        "blocked-uri": "https://altrove.example/spia.js?who=ada",
        "script-sample": "segreto",
        "referrer": "https://posta.example/ada",
    } | said


def sent(client: Client, body: Any, kind: str = ONE) -> int:
    body = body if isinstance(body, str | bytes) else json.dumps(body)
    return client.post(REPORTS, body, content_type=kind).status_code


def counted() -> list[tuple[str, str, str, int]]:
    return list(PolicyReport.objects.order_by("pk").values_list("directive", "blocked", "page", "number"))


def test_every_page_says_where_to_report(reader: Client) -> None:
    for page in ("/", "/en/search/", "/api/v1/claims", "/admin/login/"):
        headers = reader.get(page).headers
        assert headers["Reporting-Endpoints"] == f'csp="{REPORTS}"'
        assert f"report-uri {REPORTS}" in headers["Content-Security-Policy"]
        assert "report-to csp" in headers["Content-Security-Policy"]


def test_both_ways_of_reporting_are_counted_as_one_kind_without_query_slug_or_words(reader: Client) -> None:
    assert sent(reader, {"csp-report": report()}) == 204
    body = {
        "documentURL": "http://testserver/en/articles/altro/",
        "effectiveDirective": "script-src-elem",
        "blockedURL": "https://altrove.example/x.js",
        "sample": "segreto",
    }
    assert sent(reader, [{"type": "csp-violation", "age": 3, "body": body}], MANY) == 204
    assert counted() == [("script-src-elem", "https://altrove.example", "/articles/<slug:slug>/", 2)]
    row = PolicyReport.objects.values().get()
    assert not any(word in str(row) for word in ("ada", "segreto", "posta", "ponte", "spia"))


@pytest.mark.parametrize(
    ("blocked", "kept"),
    [
        ("inline", "inline"),
        ("eval", "eval"),
        ("data:text/html,Ada", "data"),
        ("blob", "blob"),
        ("http://testserver/static/x.js", "self"),
        ("wss://a.example:8443/x", "wss://a.example:8443"),
    ],
)
def test_of_what_was_kept_out_an_origin_or_a_word_is_kept(reader: Client, blocked: str, kept: str) -> None:
    sent(reader, {"csp-report": report(**{"blocked-uri": blocked})})
    assert [row[1] for row in counted()] == [kept]


@pytest.mark.parametrize(
    "said",
    [
        {"blocked-uri": "chrome-extension://abc/x.js"},
        {"blocked-uri": "https://ada neri.example/"},
        {"blocked-uri": "https://[::1"},
        {"blocked-uri": ""},
        {"blocked-uri": ["https://a.example"]},
        {"document-uri": "https://altro.example/"},
        {"document-uri": "http://[testserver/"},
        {"effective-directive": "ada-neri"},
        {"effective-directive": "\0"},
    ],
)
def test_what_is_of_no_page_of_ours_or_of_no_policy_is_not_counted(reader: Client, said: Any) -> None:
    assert sent(reader, {"csp-report": report(**said)}) == 204
    assert counted() == []


def test_a_page_that_is_not_there_leaves_no_word_of_its_address(reader: Client) -> None:
    sent(reader, {"csp-report": report(**{"document-uri": "http://testserver/ada-neri-ruba"})})
    assert [row[2] for row in counted()] == [""]


@pytest.mark.parametrize(
    "body", [" ", "{", "null", "[]", "[null]", '{"csp-report": []}', '[{"type": 1}]', b"\xff", "[" * 9000]
)
def test_nonsense_is_answered_as_if_it_were_none(reader: Client, body: str | bytes) -> None:
    assert [sent(reader, body, kind) for kind in (ONE, MANY)] == [204, 204]
    assert counted() == []


def test_what_is_large_or_of_another_kind_or_asked_for_is_refused(reader: Client) -> None:
    assert sent(reader, " " * (policy_reports.LARGEST + 1)) == 413
    assert sent(reader, {"csp-report": report()}, "application/json") == 415
    assert reader.get(REPORTS).status_code == 405
    assert counted() == []


def test_of_one_request_no_more_are_counted_than_a_page_can_have_of_use(reader: Client) -> None:
    many = [
        {"type": "csp-violation", "body": report(**{"blocked-uri": f"https://a{n}.example"})}
        for n in range(40)
    ]
    sent(reader, many, MANY)
    assert len(counted()) == policy_reports.MOST


def test_whoever_makes_up_kinds_fills_no_table() -> None:
    for number in range(MOST):
        make_policy_report(blocked=f"https://a{number}.example", last_at=LATER)
    for number in range(3):
        PolicyReport.objects.count_one(
            directive="img-src", blocked=f"https://b{number}.example", page="/", at=LATER
        )
    assert PolicyReport.objects.count() == MOST + 1
    assert PolicyReport.objects.get(blocked=REST).number == 3


def test_what_nobody_repeats_for_thirty_days_goes(reader: Client) -> None:
    old = now() - timedelta(days=31)
    make_policy_report(last_at=old, blocked="https://old.example")
    make_policy_report(last_at=old + timedelta(days=2), blocked="https://new.example")
    sent(reader, {"csp-report": report(**{"blocked-uri": "inline"})})
    assert {row[1] for row in counted()} == {"https://new.example", "inline"}
    PolicyReport.objects.update(first_at=old, last_at=old)
    call_command("enforce_retention", stdout=StringIO())
    assert counted() == []


def test_editors_read_them_and_nobody_changes_them(signed_in: SignedIn, editor: User, reporter: User) -> None:
    row = make_policy_report()
    listed = reverse("admin:newsroom_policyreport_changelist")
    page = signed_in(editor).get(listed).content.decode()
    assert "https://a.example" in page and "/search/" in page
    assert signed_in(reporter).get(listed).status_code == 403
    for there in (reverse("admin:newsroom_policyreport_add"), f"{listed}{row.pk}/delete/"):
        assert signed_in(editor).post(there).status_code == 403
