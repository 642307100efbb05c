"""Signing in: one page for the desk and the admin; who fails too often waits; another password by mail."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import StringIO

import pytest
from allauth.core import context
from axes.models import AccessAttempt, AccessLog
from django.contrib.auth.models import AnonymousUser, Permission
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client, RequestFactory
from django.urls import reverse
from lxml import html
from pytest_django import Settings

from config import lockout
from newsroom.models import Deed, User
from newsroom.views import signing_in
from tests.admin.filling import save
from tests.making import make_lockout, make_user

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]
SIGN_IN = "/admin/login/"
FORGOTTEN = "/account/password/"
PASSWORD = "una-parola-lunga-7"


@pytest.fixture(autouse=True)
def nothing_asked_yet() -> None:
    """What was counted of letters by an earlier test."""
    cache.clear()


@pytest.fixture
def checker(checker: User) -> User:
    checker.set_password(PASSWORD)
    checker.email = "Checker@example.org"
    checker.save()
    return checker


def tries(client: Client, username: str, password: str = "sbagliata", address: str = "192.0.2.7", **given):
    sent = {"username": username, "password": password} | given
    return client.post(SIGN_IN, sent, REMOTE_ADDR=address)


def signed_in_as(client: Client) -> str:
    answer = client.get(reverse("desk:me"))
    return answer.context["user"].username if answer.status_code == 200 else ""


def errors(answer) -> list[str]:
    page = html.fromstring(answer.content.decode())
    return [error.text_content().strip() for error in page.xpath("//*[@role='alert']")]


# The page


@pytest.mark.parametrize("name", ["checker", "Checker@example.org", "checker@EXAMPLE.org"])
def test_one_signs_in_by_name_or_by_address_and_comes_where_one_wanted_to_go(
    reader: Client, checker: User, name: str
) -> None:
    answer = tries(reader, name, PASSWORD, next="/desk/reviews/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/desk/reviews/")
    assert signed_in_as(reader) == "checker"


def test_an_address_that_two_accounts_have_signs_in_neither(reader: Client, checker: User) -> None:
    make_user(email=checker.email, is_staff=True)
    assert tries(reader, checker.email, PASSWORD).status_code == 422
    assert signed_in_as(reader) == ""


@pytest.mark.parametrize("there", ["https://elsewhere.example/", "//elsewhere.example", "javascript:1", ""])
def test_one_never_comes_out_on_another_site(reader: Client, checker: User, there: str) -> None:
    assert tries(reader, "checker", PASSWORD, next=there).headers["Location"] == "/admin/"


def test_who_is_signed_in_goes_on_at_once(signed_in: SignedIn, checker: User) -> None:
    answer = signed_in(checker).get(SIGN_IN, {"next": "/desk/"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/desk/")


def test_the_page_tells_who_has_an_account_but_does_not_work_here(signed_in: SignedIn) -> None:
    assert "lettrice" in signed_in(make_user(username="lettrice")).get(SIGN_IN).content.decode()


def test_in_both_languages_it_says_what_it_wants(reader: Client) -> None:
    assert "Nome utente o indirizzo e-mail" in reader.get(SIGN_IN).content.decode()
    assert "User name or e-mail address" in reader.get(f"/en{SIGN_IN}").content.decode()


@pytest.mark.parametrize("who", ["nobody", "wrong password", "left", "no staff"])
def test_a_refusal_does_not_tell_whether_the_account_is_there(
    reader: Client, checker: User, who: str
) -> None:
    make_user(username="uscita", is_staff=True, is_active=False)
    make_user(username="lettrice")
    User.objects.exclude(username="checker").update(password=checker.password)
    names = {"nobody": "nessuno", "wrong password": "checker", "left": "uscita", "no staff": "lettrice"}
    answer = tries(reader, names[who], "sbagliata" if who == "wrong password" else PASSWORD)
    assert answer.status_code == 422
    assert errors(answer) == errors(tries(reader, "un altro"))


def test_somebody_else_begins_with_a_session_of_their_own(
    signed_in: SignedIn, editor: User, checker: User
) -> None:
    client = signed_in(editor)
    session = client.session
    session["said"] = "segreto"
    session.save()
    tries(client, "checker", PASSWORD)
    assert signed_in_as(client) == "checker"
    assert "said" not in client.session


def test_allauth_is_led_to_the_same_page(reader: Client) -> None:
    assert reader.get("/account/login/?next=/desk/").headers["Location"] == f"{SIGN_IN}?next=/desk/"


# Who fails too often


def test_who_fails_too_often_waits_even_with_the_right_password(
    reader: Client, checker: User, settings: Settings
) -> None:
    tried = [tries(reader, "checker") for _time in range(settings.SIGN_IN_FAILURES)]
    assert [answer.status_code for answer in tried] == [422] * 4 + [429]
    answer = tries(reader, "checker", PASSWORD)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "900")
    assert "Aspetta 15 minuti" in errors(answer)[0]
    assert signed_in_as(reader) == ""
    assert "Wait 15 minutes" in reader.post(f"/en{SIGN_IN}", {"username": "checker"} | {
        "password": PASSWORD}, REMOTE_ADDR="192.0.2.7").content.decode()  # fmt: skip


def test_what_was_typed_is_counted_and_not_whose_it_is(reader: Client, checker: User) -> None:
    """Else the count would tell who has an address, and what they are called here."""
    for email in (checker.email, "nessuno@example.org"):
        for name in (email, email.upper(), email, email.upper()):
            assert tries(reader, name).status_code == 422
        assert tries(reader, email).status_code == 429
    assert tries(reader, "checker").status_code == 422


def test_all_spellings_that_are_one_name_are_one_to_the_count(reader: Client, checker: User) -> None:
    for name in ("checker", "Checker", "ｃhecker", "cｈecker"):
        assert tries(reader, name).status_code == 422
    assert tries(reader, "chｅcker").status_code == 429


def test_an_account_that_is_not_there_is_locked_out_in_the_same_words(
    reader: Client, checker: User, settings: Settings
) -> None:
    def last(name: str) -> list[str]:
        return errors([tries(reader, name) for _time in range(settings.SIGN_IN_FAILURES)][-1])

    assert last("checker") == last("nessuno") != []


def test_from_elsewhere_the_right_person_still_comes_in(
    reader: Client, checker: User, settings: Settings
) -> None:
    for _time in range(settings.SIGN_IN_FAILURES):
        tries(reader, "checker")
    assert tries(Client(), "checker", PASSWORD, address="198.51.100.1").status_code == 302


def test_an_address_that_tries_many_names_waits_and_signing_in_between_does_not_help(
    reader: Client, checker: User, settings: Settings
) -> None:
    settings.SIGN_IN_FAILURES_BY_ADDRESS = 10
    for number in range(9):
        assert tries(Client(), f"nome-{number}").status_code == 422
    assert tries(Client(), "checker", PASSWORD).status_code == 302
    assert tries(Client(), "un altro").status_code == 429
    assert tries(Client(), "checker", PASSWORD).status_code == 429


def test_of_ipv6_a_whole_network_is_one_address(rf) -> None:
    found = {
        lockout.address(rf.get("/", REMOTE_ADDR=address))
        for address in ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9")
    }
    assert found == {"2001:db8:1:2::"}
    assert lockout.address(rf.get("/", REMOTE_ADDR="::ffff:192.0.2.7")) == "192.0.2.7"
    assert lockout.address(rf.get("/", REMOTE_ADDR="")) is None


def test_behind_a_proxy_the_address_is_what_the_proxy_adds(
    reader: Client, checker: User, settings: Settings
) -> None:
    settings.BEHIND_PROXY = True
    for number in range(settings.SIGN_IN_FAILURES):
        said = {"X-Forwarded-For": f"10.0.0.{number}, 203.0.113.5"}
        answer = reader.post(SIGN_IN, {"username": "checker", "password": "no"}, headers=said)
    assert answer.status_code == 429
    assert {attempt.ip_address for attempt in AccessAttempt.objects.all()} == {"203.0.113.5"}


def test_nobody_waits_longer_because_they_go_on_trying(
    reader: Client, checker: User, settings: Settings
) -> None:
    for _time in range(settings.SIGN_IN_FAILURES):
        tries(reader, "checker")
    [before] = AccessAttempt.objects.all()
    tries(reader, "checker")
    [after] = AccessAttempt.objects.all()
    assert (after.attempt_time, after.failures_since_start) == (before.attempt_time, 5)


def test_when_the_wait_is_over_one_comes_in_and_nothing_is_kept(
    reader: Client, checker: User, settings: Settings
) -> None:
    for _time in range(settings.SIGN_IN_FAILURES):
        tries(reader, "checker")
    AccessAttempt.objects.update(attempt_time="2020-01-01T00:00Z")
    assert tries(reader, "checker", PASSWORD).status_code == 302
    assert not AccessAttempt.objects.exists()
    assert not AccessLog.objects.exists()


def test_of_what_was_sent_neither_words_nor_passwords_are_kept(reader: Client, checker: User) -> None:
    tries(reader, "checker", "quasi-giusta", carried="parole-di-ada", next="/desk/?q=ada", code="123456")
    [attempt] = AccessAttempt.objects.all()
    for told in ("quasi-giusta", "parole-di-ada", "q=ada", "123456"):
        assert told not in attempt.post_data + attempt.get_data


def test_an_editor_lets_somebody_in_sooner_and_it_is_written_down(
    reader: Client, checker: User, signed_in: SignedIn, editor: User, settings: Settings
) -> None:
    for _time in range(settings.SIGN_IN_FAILURES):
        tries(reader, "checker")
    [attempt] = AccessAttempt.objects.all()
    sent = {"action": "lift_selected", "_selected_action": str(attempt.pk)}
    signed_in(editor).post(reverse("admin:newsroom_lockout_changelist"), sent)
    assert tries(reader, "checker", PASSWORD).status_code == 302
    deed = Deed.objects.latest("pk")
    assert (deed.verb, deed.actor, deed.before) == (
        "lockout.lift",
        editor,
        {"person": "checker", "failures": 5},
    )


def test_a_name_that_may_be_a_password_is_in_no_record(signed_in: SignedIn, editor: User) -> None:
    lockout = make_lockout(username="la-mia-parola-segreta")
    sent = {"action": "lift_selected", "_selected_action": str(lockout.pk)}
    signed_in(editor).post(reverse("admin:newsroom_lockout_changelist"), sent)
    assert Deed.objects.latest("pk").before == {"person": "—", "failures": 5}


def test_the_admin_shows_failures_to_who_may_lift_them_alone(
    signed_in: SignedIn, editor: User, checker: User
) -> None:
    make_lockout()
    page = reverse("admin:newsroom_lockout_changelist")
    assert "192.0.2.7" in signed_in(editor).get(page).content.decode()
    assert signed_in(checker).get(page).status_code == 403


def test_addresses_of_accounts_have_no_page_of_the_admin(signed_in: SignedIn) -> None:
    user = make_user(is_staff=True, is_superuser=True)
    assert signed_in(user).get("/admin/account/emailaddress/").status_code == 404


# Another password


def letter_for(client: Client, address: str) -> str:
    """The way to another password that a letter has; empty if none was sent."""
    before = len(mail.outbox)
    answer = client.post(FORGOTTEN, {"email": address})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/account/password/sent/")
    if len(mail.outbox) == before:
        return ""
    return re.search(r"http://testserver(\S+)", mail.outbox[-1].body)[1]


def test_who_forgot_chooses_another_password_by_a_letter(reader: Client, checker: User) -> None:
    there = letter_for(reader, "checker@example.org")
    assert "altra password per checker su" in mail.outbox[-1].body
    page = reader.get(there, follow=True)
    [form] = html.fromstring(page.content.decode()).xpath("//main//form")
    other = "un-altra-parola-9"
    done = reader.post(form.get("action"), {"password1": other, "password2": other}, follow=True)
    assert done.status_code == 200
    checker.refresh_from_db()
    assert checker.check_password(other)
    deed = Deed.objects.latest("pk")
    assert (deed.verb, deed.actor, deed.after) == (
        "person.change", checker, {"person": "checker", "fields": ["password"]}
    )  # fmt: skip
    assert "non vale più" in Client().get(there, follow=True).content.decode()


def test_the_letter_is_in_the_language_of_who_gets_it(reader: Client, checker: User) -> None:
    User.objects.filter(pk=checker.pk).update(language="en")
    letter_for(reader, "checker@example.org")
    assert mail.outbox[-1].subject == "Another password for the desk"


@pytest.mark.parametrize("password", ["corta-7", "123456789012345", "password1234", "checker@example.org"])
def test_a_weak_password_is_refused(reader: Client, checker: User, password: str) -> None:
    page = reader.get(letter_for(reader, "checker@example.org"), follow=True)
    [form] = html.fromstring(page.content.decode()).xpath("//main//form")
    answer = reader.post(form.get("action"), {"password1": password, "password2": password})
    assert errors(answer) != []
    checker.refresh_from_db()
    assert checker.check_password(PASSWORD)


def test_nobody_learns_whether_an_address_has_an_account(reader: Client, checker: User) -> None:
    make_user(username="lettrice", email="lettrice@example.org")
    make_user(username="altrove", email="altrove@example.org", is_staff=True).set_unusable_password()
    User.objects.filter(username="altrove").update(password="!")
    for address in (
        "nessuno@example.org",
        "lettrice@example.org",
        "altrove@example.org",
        "chec\u212aer@example.org",
    ):
        assert letter_for(reader, address) == ""


def test_the_letter_is_written_when_the_answer_was_sent(rf: RequestFactory, checker: User) -> None:
    """How long it takes would tell who has an account."""
    request = rf.post(FORGOTTEN, {"email": "checker@example.org"})
    request.user, request.session = AnonymousUser(), {}
    with context.request_context(request):
        answer = signing_in.Forgotten.as_view()(request)
    assert (answer.status_code, mail.outbox) == (302, [])
    answer.close()
    assert [letter.to for letter in mail.outbox] == [["checker@example.org"]]
    answer.close()
    assert len(mail.outbox) == 1


def test_letters_are_not_asked_for_without_end(reader: Client, checker: User) -> None:
    answers = [reader.post(FORGOTTEN, {"email": "checker@example.org"}) for _time in range(6)]
    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert "troppo spesso" in answers[-1].content.decode()


def test_without_mail_there_is_no_such_page(reader: Client, settings: Settings) -> None:
    settings.SENDS_MAIL = False
    assert reader.get(FORGOTTEN).status_code == 404
    assert FORGOTTEN not in reader.get(SIGN_IN).content.decode()
    settings.SENDS_MAIL = True
    assert FORGOTTEN in reader.get(SIGN_IN).content.decode()


def test_nobody_signs_up(reader: Client) -> None:
    assert reader.get("/account/signup/").status_code == 404


def test_a_person_is_given_no_short_password_in_the_admin(signed_in: SignedIn) -> None:
    chief = make_user(is_staff=True)
    chief.user_permissions.set(Permission.objects.filter(codename__endswith="_user"))
    save(signed_in(chief), reverse("admin:newsroom_user_add"), username="nuova", password1="corta-7x",
         password2="corta-7x")  # fmt: skip
    assert not User.objects.filter(username="nuova").exists()


def test_failures_are_forgotten_when_the_wait_is_over() -> None:
    make_lockout(username="ada")
    AccessAttempt.objects.update(attempt_time="2020-01-01T00:00Z")
    make_lockout(username="ida")
    call_command("enforce_retention", stdout=StringIO())
    assert [attempt.username for attempt in AccessAttempt.objects.all()] == ["ida"]
