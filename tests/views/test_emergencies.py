"""The emergency account comes in when the identity provider is away, never unseen nor by a password alone."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from lxml import html
from pytest_django import Settings

from newsroom.actions.admitting import Outcome, Said, admit
from newsroom.models import Deed, Newsroom, Notice, User
from newsroom.presenters import condition
from newsroom.presenters.desk import in_words
from tests.local_identity import local_identity
from tests.making import LATER, make_user

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]
SIGN_IN = "/admin/login/"
PROVE = "/account/second-factor/prove/"
PASSWORD = "una-parola-lunga-7"


@pytest.fixture(autouse=True)
def provider(settings: Settings) -> None:
    """Passwords of the house are off; the provider is named, and away."""
    cache.clear()
    with local_identity() as identity:
        settings.OIDC = identity.settings()
    settings.PASSWORDS = False
    settings.EMERGENCY_ACCOUNT = "emergenza"


@pytest.fixture
def account() -> User:
    person = make_user(username="emergenza", email="emergenza@example.org", is_staff=True, is_superuser=True)
    person.set_password(PASSWORD)
    person.save()
    return person


@pytest.fixture
def secret(account: User) -> str:
    secret = generate_totp_secret()
    TOTP.activate(account, secret)
    return secret


def gives_password(client: Client, username: str = "emergenza", password: str = PASSWORD):
    return client.post(SIGN_IN, {"username": username, "password": password})


def comes_in(client: Client, secret: str):
    gives_password(client)
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    return client.post(PROVE, {"code": code})


def is_in(client: Client) -> bool:
    return client.get(reverse("desk:home")).status_code == 200


def test_it_comes_in_while_the_provider_is_away(reader: Client, secret: str) -> None:
    assert reader.get("/account/provider/").status_code == 503
    assert gives_password(reader).headers["Location"] == PROVE
    assert not is_in(reader)
    assert comes_in(reader, secret).status_code == 302
    assert is_in(reader)


def test_without_a_second_factor_it_opens_nothing_until_it_has_one(reader: Client, account: User) -> None:
    """Whether or not the settings ask others for one."""
    gives_password(reader)
    assert reader.get("/desk/").headers["Location"].startswith("/account/second-factor/?")
    assert reader.get("/admin/").status_code == 302


def test_others_do_not_have_to_because_of_it(signed_in: SignedIn, editor: User) -> None:
    assert is_in(signed_in(editor))


def test_no_other_password_opens_anything_and_none_is_told_from_a_wrong_one(
    reader: Client, account: User, checker: User
) -> None:
    checker.set_password(PASSWORD)
    checker.save()
    answers = [
        gives_password(reader, checker.username),
        gives_password(reader, checker.username, "sbagliata"),
        gives_password(reader, "emergenza", "sbagliata"),
        gives_password(reader, "nessuno"),
    ]
    told = [html.fromstring(answer.content.decode()).xpath("//*[@role='alert']") for answer in answers]
    assert [answer.status_code for answer in answers] == [422] * 4
    assert len({error.text_content() for [error] in told}) == 1
    assert not is_in(reader)


def test_nor_is_it_told_from_a_wrong_one_by_when_one_has_to_wait(
    reader: Client, account: User, checker: User, editor: User
) -> None:
    checker.set_password(PASSWORD)
    checker.save()
    for name, password in ((checker.username, PASSWORD), (editor.username, "sbagliata")):
        statuses = [gives_password(reader, name, password).status_code for _time in range(5)]
        assert statuses == [422] * 4 + [429]


def test_nobody_asks_for_a_letter_with_another_password(reader: Client, settings: Settings) -> None:
    assert settings.SENDS_MAIL
    assert reader.get("/account/password/").status_code == 404
    assert "/account/password/" not in reader.get(SIGN_IN).content.decode()


def test_the_page_leads_to_the_provider_and_keeps_the_password_for_an_emergency(reader: Client) -> None:
    page = html.fromstring(reader.get(SIGN_IN).content.decode())
    [details] = page.xpath("//main//details")
    assert "account di emergenza" in details.xpath("summary")[0].text_content()
    assert details.get("open") is None
    assert details.xpath(".//input[@name='password']")
    wrong = html.fromstring(gives_password(reader, "nessuno").content.decode())
    assert wrong.xpath("//main//details")[0].get("open") is not None


def test_each_use_is_written_down_and_every_editor_is_told_whatever_mail_they_want(
    reader: Client, secret: str, account: User, editor: User, django_capture_on_commit_callbacks
) -> None:
    Newsroom.objects.update(address="https://redazione.example")
    User.objects.filter(pk=editor.pk).update(notices=False)
    gives_password(reader)
    assert not Deed.objects.filter(verb="emergency.use").exists()
    with django_capture_on_commit_callbacks(execute=True):
        comes_in(reader, secret)
    deed = Deed.objects.get(verb="emergency.use")
    assert (deed.actor, deed.after) == (account, {"person": "emergenza"})
    assert in_words("emergency.use") == "ha usato l’account di emergenza"
    editors = set(User.objects.at_work().filter(groups__name="Editor").values_list("email", flat=True))
    assert editor.email in editors
    assert {address for letter in mail.outbox for address in letter.to} == editors
    [letter] = [letter for letter in mail.outbox if letter.to == [editor.email]]
    assert letter.subject.startswith("È stato usato l’account di emergenza: emergenza, ")
    assert "https://redazione.example/admin/newsroom/deed/" in letter.body
    assert "/desk/me/" not in letter.body
    assert set(Notice.objects.filter(reason="emergency").values_list("state", flat=True)) == {"sent"}


def test_a_use_that_cannot_be_written_down_does_not_happen(
    reader: Client, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: object, **kwargs: object) -> None:
        raise OSError("the log is full")

    monkeypatch.setattr("newsroom.actions.emergencies.record", full)
    with pytest.raises(OSError):
        comes_in(reader, secret)
    assert not is_in(reader)


def test_who_leaves_does_not_get_the_letter(reader: Client, secret: str, editor: User) -> None:
    User.objects.filter(pk=editor.pk).update(is_active=False)
    comes_in(reader, secret)
    assert not Notice.objects.filter(reason="emergency", user=editor).exists()


def test_the_provider_neither_gives_it_away_nor_takes_it(account: User, settings: Settings) -> None:
    User.objects.filter(pk=account.pk).update(is_superuser=False)
    said = Said(subject="7", email=account.email, is_proved=True, groups=frozenset({"redazione"}))
    assert admit(said, at=LATER).outcome == Outcome.TAKEN
    SocialAccount.objects.create(user=account, provider=settings.OIDC.issuer, uid="7")
    assert admit(Said(subject="7"), at=LATER).person is None
    assert User.objects.get(pk=account.pk).is_staff
    assert User.objects.get(pk=account.pk).check_password(PASSWORD)


def finding() -> condition.Finding:
    [found] = [one for one in condition.examine(at=LATER) if one.name == "emergency"]
    return found


def test_the_doctor_says_whether_it_could_be_used_and_whether_it_was(
    reader: Client, settings: Settings, account: User
) -> None:
    assert (finding().state, "secondo fattore" in finding().said) == ("warn", True)
    TOTP.activate(account, generate_totp_secret())
    assert finding().state == "ok"
    Deed.objects.create(verb="emergency.use", actor=account, at=LATER)
    assert (finding().state, finding().said[:19]) == ("warn", "Usato l’ultima volt")
    User.objects.filter(pk=account.pk).update(password="!")
    assert finding().state == "fail"
    settings.EMERGENCY_ACCOUNT = ""
    assert finding().state == "warn"
    settings.OIDC = None
    assert [one for one in condition.examine(at=LATER) if one.name == "emergency"] == []


def test_with_passwords_on_it_is_one_of_many_that_is_watched(
    reader: Client, secret: str, settings: Settings, checker: User
) -> None:
    settings.PASSWORDS, settings.OIDC = True, None
    comes_in(reader, secret)
    assert Deed.objects.filter(verb="emergency.use").count() == 1
    checker.set_password(PASSWORD)
    checker.save()
    gives_password(other := Client(), checker.username)
    assert is_in(other)
