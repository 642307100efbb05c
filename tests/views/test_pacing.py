"""Everything that writes or is costly has a pace; who is told to wait loses nothing that they typed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings as project
from django.contrib.admin import site
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from lxml import html
from pytest_django import Settings

from newsroom.models import Comment, User
from newsroom.outside.counters import Counters
from newsroom.views import pacing
from tests.making import make_claim
from tests.test_access import address, every_address, make_rows

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]
OURS = {"Origin": "http://testserver"}
BODY = "Il collaudo è del 1971,\r\nma la <b>perizia</b> dice altro."


@pytest.fixture(autouse=True)
def once_a_minute(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """And the clock stands: at the twentieth second of a minute."""
    settings.PACES = dict.fromkeys(settings.PACES, 1)
    monkeypatch.setattr(pacing, "time", lambda: 60_020.5)
    monkeypatch.setattr(pacing, "counters", Counters(tmp_path / "counters", key="tests"))


@pytest.fixture
def rows_of_the_desk(rows: None) -> None:
    make_rows()


def patterns(
    of: list[URLPattern | URLResolver] | None = None, names: tuple[str, ...] = ()
) -> Iterator[tuple[str, URLPattern]]:
    for pattern in get_resolver().url_patterns if of is None else of:
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern.url_patterns, (*names, *filter(None, [pattern.namespace])))
        else:
            yield ":".join((*names, pattern.name or "")), pattern


def test_every_view_that_can_be_sent_something_has_a_pace(rf: RequestFactory) -> None:
    """By its method alone; those that answer in a way of their own ask for it themselves."""
    own = set()
    for name, pattern in patterns():
        if getattr(pattern.callback, "keeps_own_pace", False):
            own.add(name.rpartition(":")[0] or name)
            continue
        for method in ("post", "put", "patch", "delete"):
            request = getattr(rf, method)("/")
            request.user = User(is_active=True)
            request.resolver_match = type(
                "Match", (), {"view_name": name, "namespace": name.rpartition(":")[0]}
            )
            assert pacing.pace_of(request) in project.PACES, name
    assert own == {"data:api", "reader"}


def test_what_is_costly_is_there_and_its_pace_is_known() -> None:
    names = {name for name, _pattern in patterns()}
    assert pacing.COSTLY.keys() | pacing.COSTLY_TO_SEND.keys() <= names
    paces = {*pacing.COSTLY.values(), *pacing.COSTLY_TO_SEND.values()}
    assert paces | pacing.OF_ADDRESSES <= project.PACES.keys()


@every_address
def test_the_second_in_a_minute_is_told_to_wait_wherever_it_is_sent(
    name: str, signed_in: SignedIn, editor: User, rows_of_the_desk: None
) -> None:
    client, there = signed_in(editor), address(name)
    client.post(there, {"a": "b"})
    answer = client.post(there, {"a": "b"}, headers=OURS)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "40")
    assert "no-store" in answer.headers["Cache-Control"]


def test_each_costly_page_is_held_up(reader: Client) -> None:
    for there in ("/search/?q=ponte", "/en/search/?q=ponte", "/claims.csv", "/reconcile?query=ponte"):
        statuses = [reader.get(there, REMOTE_ADDR=f"192.0.2.{len(there)}").status_code for _ in range(2)]
        assert statuses[1] == 429, there
    assert reader.get("/claims/").status_code == 200


def test_reading_and_a_page_of_the_desk_have_no_pace(
    reader: Client, signed_in: SignedIn, editor: User
) -> None:
    for client, there in ((reader, "/"), (signed_in(editor), "/desk/"), (signed_in(editor), "/admin/")):
        assert [client.get(there).status_code for _ in range(3)] == [200] * 3


def test_a_search_of_the_admin_has_the_pace_of_a_search(signed_in: SignedIn, editor: User) -> None:
    there = reverse("admin:newsroom_claim_changelist")
    client = signed_in(editor)
    assert [client.get(there, {"q": "ponte"}).status_code for _ in range(2)] == [200, 429]
    assert client.get(there).status_code == 200


def test_one_person_holds_up_no_other_at_the_same_address(
    signed_in: SignedIn, editor: User, checker: User
) -> None:
    there = reverse("desk:threads-claim", args=[make_claim().code])
    for who, status in ((editor, 302), (editor, 429), (checker, 302)):
        assert signed_in(who).post(there, {"body": BODY}).status_code == status


def test_what_was_typed_comes_back_with_a_button_that_sends_it(
    signed_in: SignedIn, editor: User, settings: Settings
) -> None:
    there = reverse("desk:threads-claim", args=[make_claim().code])
    client = signed_in(editor)
    client.post(there, {"body": "Prima."}, headers=OURS)
    page = client.post(there, {"body": BODY}, headers=OURS)
    assert page.status_code == 429
    assert "Nulla è stato salvato: invialo di nuovo tra 40 secondi" in page.content.decode()
    [form] = html.fromstring(page.content.decode()).xpath("//main//form")
    sent = {each.get("name"): each.get("value", "") for each in form.xpath(".//input[@name]")}
    assert sent["body"] == BODY.replace("\r", "")  # as a parser reads lines
    settings.PACES = dict.fromkeys(settings.PACES, 0)
    assert client.post(form.get("action"), sent, headers=OURS).status_code == 302
    assert Comment.objects.filter(body__contains="perizia").count() == 1


def test_an_address_of_ipv4_written_as_one_of_ipv6_has_the_pace_of_it(reader: Client) -> None:
    statuses = [
        reader.get("/search/?q=ponte", REMOTE_ADDR=address).status_code
        for address in ("192.0.2.7", "::ffff:192.0.2.7", "::ffff:c000:207", "::ffff:192.0.2.8")
    ]
    assert statuses == [200, 429, 429, 200]


def test_one_network_of_ipv6_has_one_pace(reader: Client) -> None:
    statuses = [
        reader.get("/search/?q=ponte", REMOTE_ADDR=address).status_code
        for address in ("2001:db8:1:2::7", "2001:db8:1:2:ffff::1", "2001:db8:1:3::7")
    ]
    assert statuses == [200, 429, 200]


def test_who_is_told_to_wait_and_whose_session_has_ended_loses_nothing(
    reader: Client, editor: User, settings: Settings
) -> None:
    """Neither at the desk, nor on the ways to sign in that carry it."""
    editor.set_password("una-parola-lunga-7")
    editor.save()
    there = reverse("desk:threads-claim", args=[make_claim().code])
    reader.post(there, {"body": "Prima."}, headers=OURS)
    carried = {}
    for to, sent in (
        (there, {"body": BODY}),
        (reverse("admin:login"), {"username": "editor", "password": "x"}),
        (reverse("mfa_authenticate"), {"code": "1"}),
    ):
        page = reader.post(to, sent | carried, headers=OURS)
        assert (page.status_code, page.headers["Retry-After"]) == (429, "40"), to
        assert "Prima aspetta 40 secondi" in page.content.decode()
        [seal] = set(html.fromstring(page.content.decode()).xpath("//input[@name='carried']/@value"))
        carried = {"carried": seal}
    settings.PACES = dict.fromkeys(settings.PACES, 0)
    given = {"username": "editor", "password": "una-parola-lunga-7"} | carried
    page = reader.post(reverse("admin:login"), given, headers=OURS)
    assert page.status_code == 200
    assert "perizia" in page.content.decode()


def test_beside_a_page_whose_session_has_ended_a_part_says_it_too(reader: Client) -> None:
    there = reverse("desk:threads-claim", args=[make_claim().code])
    for _time in range(2):
        part = reader.post(there, {"body": BODY}, headers={"HX-Request": "true"})
    assert (part.status_code, part.headers["X-Session"]) == (429, "wait")


def test_beside_a_page_that_stays_a_part_says_it(signed_in: SignedIn, editor: User) -> None:
    there = reverse("desk:threads-claim", args=[make_claim().code])
    client = signed_in(editor)
    client.post(there, {"body": "Prima."})
    part = client.post(there, {"body": BODY}, headers={"HX-Request": "true"})
    assert (part.status_code, part.headers["X-Session"]) == (429, "wait")
    assert "Ciò che hai scritto è ancora qui" in part.content.decode()
    assert "<html" not in part.content.decode()


def test_passwords_are_tried_at_a_pace_and_never_come_back(client: Client) -> None:
    sign_in = reverse("admin:login")
    typed = {"username": "editor", "password": "Una-parola-lunga-7"}
    assert client.post(sign_in, typed, headers=OURS).status_code == 422
    page = client.post(sign_in, typed, headers=OURS)
    assert page.status_code == 429
    assert typed["password"] not in page.content.decode()
    assert "Aspetta un momento" in page.content.decode()


def test_a_page_speaks_the_language_of_its_address(reader: Client) -> None:
    for there, words in (("/search/?q=a", "Aspetta un momento"), ("/en/search/?q=a", "Wait a moment")):
        reader.get(there)
        page = reader.get(there)
        assert page.status_code == 429 and words in page.content.decode()
        assert there in page.content.decode()


def test_programs_and_browsers_that_report_are_told_in_their_way(reader: Client) -> None:
    for _ in range(2):
        answer = reader.get("/reconcile", {"query": "ponte"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (429, "application/problem+json")
    for _ in range(2):
        answer = reader.post("/policy-reports", "{}", content_type="application/csp-report")
    assert (answer.status_code, answer.content) == (429, b"")


def test_no_admin_page_escapes_by_its_name(signed_in: SignedIn, editor: User) -> None:
    client = signed_in(editor)
    statuses = {
        client.post(reverse(f"admin:newsroom_{model._meta.model_name}_add"), {"a": "b"}).status_code
        for model in site._registry
        if model._meta.app_label == "newsroom"
    }
    assert statuses - {200, 403, 302, 404, 422} == {429}
