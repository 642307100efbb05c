"""Signing in by the identity provider: a real one answers, and what it did not sign for us opens nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from lxml import html
from pytest_django import Settings

from newsroom.models import ApiToken, Assignment, Deed, User
from newsroom.presenters import condition
from newsroom.presenters.desk import in_words
from tests.local_identity import LocalIdentity, key, local_identity
from tests.making import LATER, make_assignment, make_token, make_user

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]
THERE = "/account/provider/"
PROVE = "/account/second-factor/prove/"


@pytest.fixture(autouse=True)
def nothing_tried_yet() -> None:
    cache.clear()


@pytest.fixture
def identity(settings: Settings) -> Iterator[LocalIdentity]:
    with local_identity() as identity:
        settings.OIDC = identity.settings()
        identity.claims |= {
            "preferred_username": "ada",
            "given_name": "Ada",
            "family_name": "Neri",
            "email": "ada@example.org",
            "email_verified": True,
            "groups": ["verifica", "mensa"],
        }
        yield identity


def comes(identity: LocalIdentity, client: Client, there: str = THERE, **asked: str):
    """The whole way of a browser: to the provider, and back with what it says."""
    return client.get(identity.goes_by(client.get(there, asked)))


def is_in(client: Client) -> str:
    answer = client.get(reverse("desk:me"))
    return answer.context["user"].username if answer.status_code == 200 else ""


def said(answer) -> str:
    page = html.fromstring(answer.content.decode())
    return " ".join(page.xpath("//*[@role='alert']")[0].text_content().split())


def roles(username: str = "ada") -> list[str]:
    return sorted(User.objects.get(username=username).groups.values_list("name", flat=True))


# There and back


def test_who_has_a_group_that_gives_a_role_comes_in_and_where_they_wanted_to_go(
    reader: Client, identity: LocalIdentity
) -> None:
    answer = comes(identity, reader, next="/desk/reviews/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/desk/reviews/")
    assert is_in(reader) == "ada"
    ada = User.objects.get(username="ada")
    assert (ada.get_full_name(), ada.email, roles()) == ("Ada Neri", "ada@example.org", ["Checker"])
    assert not ada.has_usable_password() and not ada.is_superuser
    assert list(Deed.objects.order_by("pk").filter(actor=ada).values_list("verb", flat=True)) == [
        "person.join",
        "person.roles",
    ]


def test_of_what_the_provider_says_its_name_for_the_person_alone_is_kept(
    reader: Client, identity: LocalIdentity
) -> None:
    comes(identity, reader)
    link = SocialAccount.objects.get()
    assert (link.provider, link.uid, link.extra_data) == (identity.issuer, "7f3a", {})
    assert not SocialToken.objects.exists()


def test_what_is_asked_is_of_this_attempt_alone(reader: Client, identity: LocalIdentity) -> None:
    asked = [parse_qs(urlsplit(reader.get(THERE).headers["Location"]).query) for _time in range(2)]
    for name in ("state", "nonce", "code_challenge"):
        assert asked[0][name] != asked[1][name]
        assert len(asked[0][name][0]) >= 16
    assert asked[0]["code_challenge_method"] == ["S256"]
    assert asked[0]["redirect_uri"] == ["http://testserver/account/provider/callback/"]


def test_in_english_it_leads_back_to_the_same_address(reader: Client, identity: LocalIdentity) -> None:
    assert comes(identity, reader, f"/en{THERE}", next="/en/desk/").headers["Location"] == "/en/desk/"
    assert is_in(reader) == "ada"


@pytest.mark.parametrize("there", ["https://elsewhere.example/", "//elsewhere.example", "javascript:1", ""])
def test_one_never_comes_out_on_another_site(reader: Client, identity: LocalIdentity, there: str) -> None:
    assert comes(identity, reader, next=there).headers["Location"] == "/desk/"


def test_nothing_else_that_an_address_asks_for_is_passed_on(reader: Client, identity: LocalIdentity) -> None:
    sent = {"process": "connect", "scope": "admin", "auth_params": "prompt=none", "action": "reauthenticate"}
    asked = parse_qs(urlsplit(reader.get(THERE, sent).headers["Location"]).query)
    assert set(asked["scope"][0].split()) == {"openid", "profile", "email"}
    assert "prompt" not in asked
    assert comes(identity, reader, **sent).headers["Location"] == "/desk/"


def test_who_comes_again_is_the_same_person_and_leaves_no_record(
    reader: Client, identity: LocalIdentity
) -> None:
    comes(identity, reader)
    before = Deed.objects.count()
    identity.claims |= {"preferred_username": "un altro nome", "email": "altra@example.org"}
    comes(identity, other := Client())
    assert is_in(other) == "ada"
    assert Deed.objects.count() == before


def test_a_session_lasts_some_hours_after_which_the_groups_are_asked_again(
    reader: Client, identity: LocalIdentity
) -> None:
    comes(identity, reader)
    assert 11.9 * 3600 < reader.session.get_expiry_age() <= 12 * 3600


def test_who_was_signed_in_as_somebody_else_is_so_no_more(
    signed_in: SignedIn, identity: LocalIdentity, reporter: User
) -> None:
    client = signed_in(reporter)
    client.session["something"] = "of the reporter"
    comes(identity, client)
    assert is_in(client) == "ada"
    assert "something" not in client.session


def test_without_a_provider_there_is_no_such_page(reader: Client, settings: Settings) -> None:
    assert settings.OIDC is None
    for page in (THERE, f"{THERE}again/", f"{THERE}callback/"):
        assert reader.get(page).status_code == 404
    assert THERE not in reader.get("/admin/login/").content.decode()


def test_the_page_to_sign_in_on_leads_there_by_a_link_that_the_policy_lets_pass(
    reader: Client, identity: LocalIdentity
) -> None:
    answer = reader.get("/admin/login/", {"next": "/desk/reviews/"})
    page = html.fromstring(answer.content.decode())
    [link] = page.xpath(f"//a[starts-with(@href, '{THERE}')]")
    assert link.text_content() == "Accedi con Casa"
    assert "form-action 'self';" in answer.headers["Content-Security-Policy"]
    assert comes(identity, reader, link.get("href")).headers["Location"] == "/desk/reviews/"


# What is not believed

#: Seconds since 1970. Moments of now would give the tests another name in each process that collects them.
LONG_AGO, FAR_OFF = 1_577_836_800, 4_102_444_800


@pytest.mark.parametrize(
    "amiss",
    [
        {"nonce": "another"},
        {"nonce": "\ud800"},
        {"nonce": None},
        {"iss": "https://elsewhere.example"},
        {"iss": None},
        {"aud": "another"},
        {"aud": ["controluce", "another"], "azp": "another"},
        {"aud": None},
        {"exp": LONG_AGO},
        {"exp": None},
        {"iat": FAR_OFF},
        {"nbf": FAR_OFF},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "x" * 300},
        {"sub": "7f3a\0"},
    ],
    ids=str,
)
def test_a_token_that_is_not_for_us_now_opens_nothing(
    reader: Client, identity: LocalIdentity, amiss: dict[str, object]
) -> None:
    identity.amiss = amiss
    answer = comes(identity, reader)
    assert answer.status_code == 403
    assert said(answer) == "A quello che ha risposto Casa non si può credere."
    assert not User.objects.filter(username="ada").exists()
    assert is_in(reader) == ""


def test_a_token_that_another_key_signed_opens_nothing(reader: Client, identity: LocalIdentity) -> None:
    identity.signs_with = key("another")
    assert comes(identity, reader).status_code == 403
    assert is_in(reader) == ""


@pytest.mark.parametrize(("algorithm", "signs_with"), [("HS256", "x" * 64), ("none", None)])
def test_a_token_that_anybody_could_have_signed_opens_nothing(
    reader: Client, identity: LocalIdentity, algorithm: str, signs_with: str | None
) -> None:
    identity.algorithm, identity.signs_with = algorithm, signs_with
    assert comes(identity, reader).status_code == 403
    assert is_in(reader) == ""


def test_a_key_that_the_provider_does_not_name_opens_nothing(reader: Client, identity: LocalIdentity) -> None:
    identity.key_name = "k2"
    assert comes(identity, reader).status_code == 403


@pytest.mark.parametrize("state", ["", "another"])
def test_an_answer_to_what_this_browser_did_not_begin_opens_nothing(
    reader: Client, identity: LocalIdentity, state: str
) -> None:
    back = identity.goes_by(reader.get(THERE), state=state)
    assert reader.get(back).status_code == 400
    assert is_in(reader) == ""


def test_an_answer_opens_in_the_browser_that_began_alone_and_once(
    reader: Client, identity: LocalIdentity
) -> None:
    back = identity.goes_by(reader.get(THERE))
    assert Client().get(back).status_code == 400
    assert reader.get(back).status_code == 302
    reader.logout()
    assert reader.get(back).status_code == 400
    assert is_in(reader) == ""


def test_an_answer_of_another_issuer_opens_nothing(reader: Client, identity: LocalIdentity) -> None:
    back = identity.goes_by(reader.get(THERE), iss="https://elsewhere.example")
    assert reader.get(back).status_code == 403


def test_a_code_that_somebody_else_slipped_in_is_good_for_nothing(
    reader: Client, identity: LocalIdentity
) -> None:
    """It belongs to the proof of another attempt (PKCE)."""
    theirs = parse_qs(urlsplit(identity.goes_by(Client().get(THERE))).query)["code"][0]
    assert reader.get(identity.goes_by(reader.get(THERE), code=theirs)).status_code == 403
    assert is_in(reader) == ""


@pytest.mark.parametrize(
    "other",
    [{"issuer": "https://elsewhere.example"}, {"jwks_uri": None}, {"token_endpoint": 7}],
    ids=str,
)
def test_a_provider_that_speaks_for_another_is_not_asked(
    reader: Client, identity: LocalIdentity, other: dict[str, object]
) -> None:
    identity.says("/.well-known/openid-configuration", identity.discovery(**other))
    assert reader.get(THERE).status_code == 403


@pytest.mark.parametrize("answer", ["[]", "no json", "[" * 100_000, ""])
def test_a_provider_that_answers_nonsense_is_a_page_and_no_fault(
    reader: Client, identity: LocalIdentity, answer: str
) -> None:
    back = identity.goes_by(reader.get(THERE))
    identity.serve("/keys", answer, content_type="application/json")
    assert reader.get(back).status_code == 403
    identity.serve("/.well-known/openid-configuration", answer, content_type="application/json")
    assert reader.get(THERE).status_code == 403


# What goes wrong


def test_a_provider_that_is_away_is_a_page_that_says_so(reader: Client, identity: LocalIdentity) -> None:
    back = identity.goes_by(reader.get(THERE))
    identity.pages.clear()
    for answer in (reader.get(THERE), reader.get(back)):
        assert answer.status_code == 503
        assert said(answer) == "Casa non risponde. Aspetta un momento e riprova."
        assert answer.headers["Cache-Control"].startswith("max-age=0, no-cache, no-store")


def test_nobody_is_asked_inside_the_network_unless_the_settings_say_so(
    reader: Client, identity: LocalIdentity, settings: Settings
) -> None:
    settings.OIDC = identity.settings(networks=())
    assert reader.get(THERE).status_code == 503
    assert identity.asked == []


def test_the_provider_cannot_lead_us_elsewhere(reader: Client, identity: LocalIdentity) -> None:
    identity.serve("/elsewhere", "{}", content_type="application/json")
    identity.redirect("/.well-known/openid-configuration", "/elsewhere")
    assert reader.get(THERE).status_code == 503
    identity.says("/.well-known/openid-configuration", identity.discovery(jwks_uri="http://127.0.0.1:1/"))
    assert comes(identity, reader).status_code == 503
    assert [path for _host, path in identity.asked].count("/elsewhere") == 0


def test_who_changes_their_mind_there_is_told_that_nothing_happened(
    reader: Client, identity: LocalIdentity
) -> None:
    state = parse_qs(urlsplit(reader.get(THERE).headers["Location"]).query)["state"][0]
    answer = reader.get(f"{THERE}callback/", {"error": "access_denied", "state": state})
    assert (answer.status_code, said(answer)) == (403, "Lì non hai fatto l’accesso. Non è successo niente.")
    assert reader.get(f"{THERE}callback/", {"error": "x<script>", "state": state}).status_code == 400


# Groups and roles


def test_without_a_group_that_gives_a_role_nobody_gets_an_account(
    reader: Client, identity: LocalIdentity
) -> None:
    identity.claims["groups"] = ["mensa"]
    answer = comes(identity, reader)
    assert answer.status_code == 403
    assert said(answer) == "Nessuno dei tuoi gruppi presso Casa ti dà un ruolo in questa redazione."
    assert not User.objects.filter(username="ada").exists()


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        (["redazione", "verifica"], ["Checker", "Editor"]),
        ("redazione", ["Editor"]),
        (["cn=cronaca,ou=casa"], ["Reporter"]),
        (["verifica", 7, None, ["redazione"]], ["Checker"]),
    ],
)
def test_the_groups_are_the_roles_at_each_sign_in(
    reader: Client, identity: LocalIdentity, groups: object, expected: list[str]
) -> None:
    comes(identity, reader)
    identity.claims["groups"] = groups
    comes(identity, Client())
    assert roles() == expected


def test_a_role_that_somebody_gave_here_goes_and_a_group_of_ones_own_stays(
    reader: Client, identity: LocalIdentity
) -> None:
    comes(identity, reader)
    ada = User.objects.get(username="ada")
    ada.groups.add(Group.objects.get(name="Editor"), Group.objects.create(name="Turno di notte"))
    comes(identity, Client())
    assert roles() == ["Checker", "Turno di notte"]
    deed = Deed.objects.filter(verb="person.roles").order_by("-pk")[0]
    assert deed.before == {"person": "ada", "roles": ["Checker", "Editor"]}
    assert deed.after == {"person": "ada", "roles": ["Checker"]}


def test_who_lost_their_groups_comes_in_nowhere_any_more(reader: Client, identity: LocalIdentity) -> None:
    comes(identity, reader)
    ada = User.objects.get(username="ada")
    make_token(user=ada, name="Importatore")
    assignment = make_assignment(assignee=ada)
    identity.claims["groups"] = []
    assert comes(identity, other := Client()).status_code == 403
    assert [is_in(reader), is_in(other)] == ["", ""]
    assert ApiToken.objects.get(name="Importatore").revoked_at is not None
    assert Assignment.objects.get(pk=assignment.pk).closed_at is not None
    deed = Deed.objects.get(verb="person.unroled")
    assert (deed.after["person"], deed.after["sessions"], deed.after["tokens"]) == ("ada", 1, ["Importatore"])
    before = Deed.objects.count()
    comes(identity, other)
    assert Deed.objects.count() == before


def test_who_has_a_group_again_comes_in_again(reader: Client, identity: LocalIdentity) -> None:
    comes(identity, reader)
    identity.claims["groups"] = []
    comes(identity, reader)
    identity.claims["groups"] = ["redazione"]
    comes(identity, reader)
    assert (is_in(reader), roles()) == ("ada", ["Editor"])


def test_whose_access_the_newsroom_ended_no_provider_brings_back(
    reader: Client, identity: LocalIdentity
) -> None:
    comes(identity, reader)
    User.objects.filter(username="ada").update(is_active=False)
    answer = comes(identity, other := Client())
    assert (answer.status_code, is_in(other)) == (403, "")
    assert said(answer) == "Questa redazione ha chiuso il tuo accesso."


def test_groups_may_stand_inside_another_claim_or_be_asked_for(
    reader: Client, identity: LocalIdentity, settings: Settings
) -> None:
    settings.OIDC = identity.settings(groups_claim="realm_access.roles")
    identity.claims["realm_access"] = {"roles": ["redazione"]}
    comes(identity, reader)
    assert roles() == ["Editor"]
    del identity.claims["realm_access"]
    identity.says(
        "/.well-known/openid-configuration", identity.discovery(userinfo_endpoint=identity.url("/me"))
    )
    identity.says("/me", {"sub": "7f3a", "realm_access": {"roles": ["verifica"]}})
    comes(identity, Client())
    assert roles() == ["Checker"]
    identity.says("/me", {"sub": "somebody else", "realm_access": {"roles": ["redazione"]}})
    assert comes(identity, Client()).status_code == 403
    assert roles() == ["Checker"]


# Whose account it is


def test_an_account_with_a_proved_address_is_theirs_and_its_password_no_more(
    reader: Client, identity: LocalIdentity, checker: User
) -> None:
    User.objects.filter(pk=checker.pk).update(email="Ada@example.org")
    comes(identity, reader)
    assert is_in(reader) == checker.username
    assert not User.objects.get(pk=checker.pk).has_usable_password()
    assert Deed.objects.filter(verb="person.link", actor=checker).count() == 1


@pytest.mark.parametrize("why", ["not proved", "linked", "two have it", "superuser", "left", "other letters"])
def test_an_account_is_never_given_away_by_an_address_alone(
    reader: Client, identity: LocalIdentity, why: str
) -> None:
    known = make_user(username="altra", email="ada@example.org", is_staff=True)
    match why:
        case "not proved":
            identity.claims["email_verified"] = "true"
        case "linked":
            SocialAccount.objects.create(user=known, provider=identity.issuer, uid="other")
        case "two have it":
            make_user(email="ADA@example.org")
        case "superuser":
            User.objects.filter(pk=known.pk).update(is_superuser=True)
        case "left":
            User.objects.filter(pk=known.pk).update(is_active=False)
        case "other letters":
            User.objects.filter(pk=known.pk).update(email="àda@example.org")
            identity.claims["email"] = "Àda@example.org"
    answer = comes(identity, reader)
    if why == "other letters" and answer.status_code == 302:
        # A database that knows no capitals of these letters finds nobody.
        assert is_in(reader) == "ada"
    else:
        assert (answer.status_code, is_in(reader)) == (403, "")
        assert said(answer).startswith("Un account di questa redazione ha già il tuo indirizzo")
    assert not SocialAccount.objects.filter(user=known).exclude(uid="other").exists()


def test_a_name_that_somebody_has_gets_a_number_and_an_address_that_is_not_proved_is_not_kept(
    reader: Client, identity: LocalIdentity
) -> None:
    make_user(username="Ada")
    identity.claims |= {"email_verified": False, "given_name": "A\0da\n" + "x" * 300}
    comes(identity, reader)
    assert is_in(reader) == "ada-2"
    ada = User.objects.get(username="ada-2")
    assert ada.email == ""
    assert ada.first_name.startswith("Ada") and len(ada.first_name) == 150


@pytest.mark.parametrize("name", ["", "<script>", "../..", "\0", 7])
def test_a_name_that_is_none_becomes_one(reader: Client, identity: LocalIdentity, name: object) -> None:
    identity.claims |= {"preferred_username": name, "email": "non è un indirizzo"}
    comes(identity, reader)
    assert is_in(reader) == SocialAccount.objects.get().user.username != ""


# Second factors


@pytest.fixture
def with_app(reader: Client, identity: LocalIdentity, settings: Settings) -> str:
    """Ada is an editor with an app for codes; this is its secret."""
    settings.SECOND_FACTOR_REQUIRED = True
    identity.claims["groups"] = ["redazione"]
    comes(identity, Client())
    secret = generate_totp_secret()
    TOTP.activate(User.objects.get(username="ada"), secret)
    return secret


def test_who_may_publish_proves_our_second_factor_whatever_the_provider_says(
    reader: Client, identity: LocalIdentity, with_app: str
) -> None:
    identity.claims["amr"] = ["pwd", "otp", "mfa"]
    answer = comes(identity, reader, next="/desk/reviews/")
    assert (answer.headers["Location"], is_in(reader)) == (PROVE, "")
    code = format_hotp_value(hotp_value(with_app, int(time.time()) // 30))
    assert reader.post(PROVE, {"code": code}).headers["Location"] == "/desk/reviews/"
    assert is_in(reader) == "ada"
    assert reader.session.get_expiry_age() <= 12 * 3600


def test_who_may_publish_and_has_none_sets_one_up_first(
    reader: Client, identity: LocalIdentity, settings: Settings
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    identity.claims["groups"] = ["redazione"]
    comes(identity, reader)
    assert reader.get("/desk/").headers["Location"].startswith("/account/second-factor/?")
    assert reader.get("/account/second-factor/app/").status_code == 200


@pytest.mark.parametrize(
    ("claim", "value", "is_believed"),
    [("amr", ["pwd", "mfa"], True), ("acr", "mfa", True), ("amr", ["pwd"], False), ("amr", "mfa", True)],
)
def test_the_provider_s_own_second_factor_counts_if_the_settings_name_it(
    reader: Client,
    identity: LocalIdentity,
    settings: Settings,
    with_app: str,
    claim: str,
    value: object,
    is_believed: bool,
) -> None:
    settings.OIDC = identity.settings(second_factors=frozenset({"mfa"}))
    identity.claims[claim] = value
    comes(identity, reader)
    assert is_in(reader) == ("ada" if is_believed else "")


def test_who_has_no_password_here_proves_at_the_provider_again_who_they_are(
    reader: Client, identity: LocalIdentity
) -> None:
    comes(identity, reader)
    session = reader.session
    session["account_authentication_methods"] = [{"method": "socialaccount", "at": time.time() - 3600}]
    session.save()
    answer = reader.get("/account/second-factor/app/")
    assert answer.headers["Location"].startswith(f"{THERE}again/?")
    begun = reader.get(answer.headers["Location"])
    assert parse_qs(urlsplit(begun.headers["Location"]).query)["max_age"] == ["0"]
    assert reader.get(identity.goes_by(begun)).status_code == 403
    identity.claims["auth_time"] = int(time.time()) - 3600
    assert comes(identity, reader, answer.headers["Location"]).status_code == 403
    identity.claims["auth_time"] = int(time.time())
    back = comes(identity, reader, answer.headers["Location"])
    assert back.headers["Location"] == "/account/second-factor/app/"
    assert reader.get("/account/second-factor/app/").status_code == 200


# What was typed when a session ended


def test_what_was_typed_is_there_for_who_signs_in_by_the_provider_in_another_tab(
    reader: Client, identity: LocalIdentity
) -> None:
    where = {"Sec-Fetch-Site": "same-origin"}
    ended = reader.post(reverse("desk:me"), {"role_title": "Cronista di nera"}, headers=where)
    assert ended.status_code == 401
    page = html.fromstring(ended.content.decode())
    [link] = page.xpath("//a[@target='_blank'][starts-with(@href, '/account/provider/')]")
    [carried] = set(page.xpath("//input[@name='carried']/@value"))
    comes(identity, reader, link.get("href"))
    answer = reader.post("/admin/login/", {"carried": carried}, headers=where)
    assert answer.status_code == 200
    assert "Cronista di nera" in answer.content.decode()


def test_each_of_these_deeds_has_words() -> None:
    for verb in ("person.join", "person.link", "person.roles", "person.unroled"):
        assert in_words(verb) != verb


# How it is


def found(name: str) -> condition.Finding:
    [finding] = [one for one in condition.examine(at=LATER, outside=True) if one.name == name]
    return finding


def test_the_doctor_asks_the_provider_and_looks_whether_its_roles_are_there(
    identity: LocalIdentity, settings: Settings
) -> None:
    assert (found("provider").state, found("provider-roles").state) == ("ok", "ok")
    settings.OIDC = identity.settings(roles={"redazione": "Direttore"})
    identity.says("/.well-known/openid-configuration", identity.discovery(issuer="https://elsewhere.example"))
    assert (found("provider").state, found("provider-roles").state) == ("fail", "fail")
    assert "Direttore" in found("provider-roles").said
    identity.pages.clear()
    assert found("provider").state == "fail"
