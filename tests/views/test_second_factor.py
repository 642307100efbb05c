"""A second factor: asked for between the password and the session, and of who may publish before any page."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from lxml import html
from pytest_django import Settings

from newsroom.actions import people, tokens
from newsroom.models import Comment, Deed, User
from tests.making import LATER, make_article, make_claim, make_original, make_picture, make_user

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]
SIGN_IN = "/admin/login/"
PROVE = "/account/second-factor/prove/"
MINE = "/account/second-factor/"
PASSWORD = "una-parola-lunga-7"
OURS = {"Origin": "http://testserver"}
#: Kinds of places in an address where any word fits; in the others a number does.
WORDS = {"slug", "str", "path"}


@pytest.fixture(autouse=True)
def nothing_tried_yet() -> None:
    cache.clear()


@pytest.fixture
def required(settings: Settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.fixture
def editor(editor: User) -> User:
    editor.set_password(PASSWORD)
    editor.save()
    return editor


@pytest.fixture
def secret(editor: User) -> str:
    """The editor has an app for codes; this is its secret."""
    secret = generate_totp_secret()
    TOTP.activate(editor, secret)
    return secret


def code_of(secret: str, later: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))


def gives_password(client: Client, **given: str):
    return client.post(SIGN_IN, {"username": "editor", "password": PASSWORD} | given, headers=OURS)


def is_in(client: Client) -> bool:
    return client.get(reverse("desk:home")).status_code == 200


# While signing in


def test_the_password_alone_opens_nothing(reader: Client, secret: str) -> None:
    answer = gives_password(reader)
    assert (answer.status_code, answer.headers["Location"]) == (302, PROVE)
    assert not is_in(reader)


def test_the_code_of_the_app_opens_the_desk_where_one_wanted_to_go(reader: Client, secret: str) -> None:
    gives_password(reader, next="/desk/reviews/")
    assert "codice" in reader.get(PROVE).content.decode().lower()
    answer = reader.post(PROVE, {"code": code_of(secret)})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/desk/reviews/")
    assert is_in(reader)


def test_a_code_counts_once_in_whichever_process(reader: Client, secret: str) -> None:
    gives_password(reader)
    reader.post(PROVE, {"code": code_of(secret)})
    cache.clear()
    other = Client()
    gives_password(other)
    assert other.post(PROVE, {"code": code_of(secret)}).status_code == 422
    assert not is_in(other)
    assert other.post(PROVE, {"code": code_of(secret, 1)}).status_code == 302


def test_a_recovery_code_opens_once(reader: Client, editor: User, secret: str) -> None:
    code = RecoveryCodes.activate(editor).get_unused_codes()[0]
    gives_password(reader)
    assert reader.post(PROVE, {"code": code}).status_code == 302
    other = Client()
    gives_password(other)
    assert other.post(PROVE, {"code": code}).status_code == 422


def test_wrong_codes_count_as_failures_and_lock_out(reader: Client, secret: str, settings: Settings) -> None:
    gives_password(reader)
    answers = [reader.post(PROVE, {"code": "000000"}) for _time in range(settings.SIGN_IN_FAILURES)]
    assert [answer.status_code for answer in answers] == [422] * 4 + [429]
    assert gives_password(reader).status_code == 429
    assert not is_in(reader)


def test_a_name_that_is_added_to_the_form_of_a_code_counts_for_nobody(
    reader: Client, secret: str, settings: Settings
) -> None:
    """Whoever guesses would else forgive themselves, or begin anew, under another's name."""
    guesses, name = Client(), "checker\0"
    for _time in range(settings.SIGN_IN_FAILURES - 1):
        guesses.post(SIGN_IN, {"username": "checker", "password": "no"})
    gives_password(reader)
    assert reader.post(PROVE, {"code": "000000", "username": name}).status_code == 422
    assert reader.post(PROVE, {"code": code_of(secret), "username": "checker"}).status_code == 302
    assert guesses.post(SIGN_IN, {"username": "checker", "password": "no"}).status_code == 429
    other = Client(REMOTE_ADDR="192.0.2.9")
    gives_password(other)
    answers = [
        other.post(PROVE, {"code": "000000", "username": f"x{number}"})
        for number in range(settings.SIGN_IN_FAILURES)
    ]
    assert [answer.status_code for answer in answers] == [422] * 4 + [429]


def test_who_is_locked_out_meanwhile_cannot_go_on(reader: Client, secret: str, settings: Settings) -> None:
    gives_password(reader)
    other = Client()
    for _time in range(settings.SIGN_IN_FAILURES):
        other.post(SIGN_IN, {"username": "editor", "password": "no"})
    assert reader.post(PROVE, {"code": code_of(secret)}).status_code == 429
    assert not is_in(reader)


def test_nobody_comes_to_the_second_factor_without_the_first(reader: Client, secret: str) -> None:
    assert reader.get(PROVE).headers["Location"] == "/account/login/"
    assert reader.post(PROVE, {"code": code_of(secret)}).status_code == 302
    assert not is_in(reader)


def test_words_that_were_typed_travel_through_the_second_factor(editor: User, secret: str) -> None:
    client = Client(enforce_csrf_checks=True)
    there = reverse("desk:threads-claim", args=[make_claim().code])
    client.get(SIGN_IN)
    token = client.cookies["csrftoken"].value
    sent = {"body": "La perizia dice altro.", "csrfmiddlewaretoken": token}
    page = client.post(there, sent, headers=OURS)
    for given in ({"username": "editor", "password": PASSWORD}, {"code": "1"}, {"code": code_of(secret)}):
        form = html.fromstring(page.content.decode()).xpath("//main//form")[0]
        fields = {each.get("name"): each.get("value", "") for each in form.xpath(".//input[@name]")}
        assert "carried" in fields
        assert "La perizia dice altro." in page.content.decode()
        page = client.post(form.get("action"), fields | given, headers=OURS)
    assert page.status_code == 200
    [form] = html.fromstring(page.content.decode()).xpath("//main//form")
    fields = {each.get("name"): each.get("value", "") for each in form.xpath(".//input[@name]")}
    assert client.post(form.get("action"), fields, headers=OURS).status_code == 302
    comment = Comment.objects.get()
    assert (comment.by, comment.body) == (editor, "La perizia dice altro.")


def test_who_leaves_between_the_password_and_the_code_does_not_come_in(
    reader: Client, editor: User, secret: str
) -> None:
    gives_password(reader)
    chief = make_user(is_staff=True, is_superuser=True)
    people.end_access(editor, by=chief, at=LATER)
    assert reader.post(PROVE, {"code": code_of(secret)}).status_code in (302, 422)
    assert not is_in(reader)
    # Nor with the account given back: what had begun has ended.
    people.give_back_access(User.objects.get(pk=editor.pk), by=chief, at=LATER)
    assert not is_in(reader)
    reader.post(PROVE, {"code": code_of(secret, 1)})
    assert not is_in(reader)


# Who needs one


def example_of(place: re.Match[str]) -> str:
    if place[2] == "kind":
        return "claim"
    return "x" if place[1] in WORDS else "1"


def patterns(
    of: list | None = None, before: str = "", spaces: tuple[str, ...] = ()
) -> Iterator[tuple[str, str]]:
    """Every address of the desk and the admin, with something in each of its places."""
    for pattern in get_resolver().url_patterns if of is None else of:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern.url_patterns, route, (*spaces, *filter(None, [pattern.namespace])))
        elif isinstance(pattern, URLPattern) and {"desk", "admin"}.intersection(spaces):
            example = re.sub(r"<(\w+):(\w+)>", example_of, route)
            example = re.sub(r"\(\?P<\w+>([^)]*)\)", lambda found: found[1].split("|")[0], example)
            yield pattern.name or route, "/" + example.replace("^", "").replace("$", "").replace(r"\Z", "")


def test_every_page_of_the_desk_and_the_admin_is_closed_until_one_is_set_up(
    required: None, signed_in: SignedIn, editor: User
) -> None:
    client = signed_in(editor)
    walked, opened = 0, []
    for name, there in patterns():
        if name in {"login", "logout", "jsi18n"}:
            continue
        walked += 1
        for method in ("get", "post"):
            answer = getattr(client, method)(there)
            closed = (302, 403)[method == "post"]
            if answer.status_code != closed or not (answer.get("Location") or MINE).startswith(MINE):
                opened.append((method, there, answer.status_code))
        part = client.get(there, headers={"HX-Request": "true"})
        if part.status_code != 403:
            opened.append(("part", there, part.status_code))
    assert opened == []
    assert walked > 250


def test_what_was_typed_before_it_was_proved_is_not_lost(
    required: None, reader: Client, editor: User
) -> None:
    gives_password(reader)
    there = reverse("desk:threads-claim", args=[make_claim().code])
    page = reader.post(there, {"body": "La perizia dice altro."}, headers=OURS)
    assert page.status_code == 403
    shown = html.fromstring(page.content.decode())
    [form] = shown.xpath("//main//form")
    assert shown.xpath(f"//main//a[@href='{MINE}'][@target='_blank']")
    fields = {each.get("name"): each.get("value", "") for each in form.xpath(".//input[@name]")}
    app = reverse("mfa_activate_totp")
    reader.post(app, {"code": code_of(shown_secret(reader.get(app)))})
    assert reader.post(form.get("action"), fields, headers=OURS).status_code == 302
    assert Comment.objects.get().body == "La perizia dice altro."


def test_beside_a_page_that_stays_a_part_says_so(required: None, signed_in: SignedIn, editor: User) -> None:
    there = reverse("desk:threads-claim", args=[make_claim().code])
    part = signed_in(editor).post(there, {"body": "Altro."}, headers={"HX-Request": "true"})
    assert (part.status_code, part.headers["X-Session"]) == (403, "closed")
    assert "Ciò che hai scritto è ancora qui" in part.content.decode()
    assert "<html" not in part.content.decode()


def test_a_picture_that_is_not_public_is_closed_as_the_desk_is(
    required: None, reader: Client, signed_in: SignedIn, editor: User, checker: User, secret: str
) -> None:
    article = make_article(published_at=None)
    picture = make_picture(make_original(state="used", article=article))
    there = reverse("picture", args=[picture.uuid])
    assert signed_in(checker).get(there).status_code == 200
    assert signed_in(editor).get(there).status_code == 404
    gives_password(reader)
    assert reader.get(there).status_code == 404
    reader.post(PROVE, {"code": code_of(secret)})
    assert reader.get(there).status_code == 200


def test_who_cannot_publish_needs_none(required: None, signed_in: SignedIn, checker: User) -> None:
    assert is_in(signed_in(checker))


def test_who_may_give_rights_needs_one(required: None, signed_in: SignedIn) -> None:
    assert not is_in(signed_in(make_user(is_staff=True, is_superuser=True)))


def test_a_session_from_before_it_was_set_up_elsewhere_has_to_prove_it(
    required: None, signed_in: SignedIn, editor: User, secret: str
) -> None:
    client = signed_in(editor)
    assert not is_in(client)
    assert "non ha ancora provato" in client.get(MINE).content.decode()
    # Nor does it get another one by the password, which the old session knows as well.
    for page in ("app/", "key/", "codes/", "codes/new/", "codes/file/", "app/remove/"):
        for method in (client.get, client.post):
            answer = method(MINE + page)
            assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (
                302,
                "/account/again/code/",
            ), page


def test_who_proved_it_works_on_and_no_query_is_added(
    reader: Client, secret: str, settings: Settings
) -> None:
    gives_password(reader)
    reader.post(PROVE, {"code": code_of(secret)})

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert is_in(reader)
        return len(queries)

    cost()
    settings.SECOND_FACTOR_REQUIRED = False
    without = cost()
    settings.SECOND_FACTOR_REQUIRED = True
    assert cost() == without


def test_a_program_that_acts_for_who_lacks_one_is_refused(
    reader: Client, editor: User, settings: Settings
) -> None:
    issued = tokens.issue(editor, name="Prova", scopes=["read"], by=editor, at=LATER)
    said = {"Authorization": f"Bearer {issued.secret}"}

    def asks() -> int:
        return reader.get("/api/v1/claims", headers=said).status_code

    assert asks() == 200
    settings.SECOND_FACTOR_REQUIRED = True
    assert asks() == 401
    TOTP.activate(editor, generate_totp_secret())
    assert asks() == 200


# Setting it up


def shown_secret(page) -> str:
    [field] = html.fromstring(page.content.decode()).xpath("//input[@id='secret']")
    return field.get("value")


def test_who_lacks_one_is_led_to_set_it_up_and_goes_on(required: None, reader: Client, editor: User) -> None:
    assert gives_password(reader, next="/desk/reviews/").headers["Location"] == "/desk/reviews/"
    led = reader.get("/desk/reviews/")
    assert led.headers["Location"] == f"{MINE}?next=%2Fdesk%2Freviews%2F"
    assert "appena ne avrai impostato uno" in reader.get(led.headers["Location"]).content.decode()
    page = reader.get("/account/second-factor/app/")
    shown = shown_secret(page)
    assert "data:image/svg+xml;base64," in page.content.decode()
    wrong = reader.post("/account/second-factor/app/", {"code": "000000"})
    assert (wrong.status_code, shown_secret(wrong)) == (422, shown)
    assert reader.post("/account/second-factor/app/", {"code": code_of(shown)}).status_code == 302
    assert is_in(reader)
    assert Deed.objects.latest("pk").verb == "factor.add"
    codes = html.fromstring(reader.get("/account/second-factor/codes/").content.decode()).xpath("//code")
    assert len(codes) == 10
    file = reader.get("/account/second-factor/codes/file/")
    assert file.content.decode().split() == [code.text for code in codes]


@pytest.mark.parametrize("answer", ["1" * 5000, "[" * 100_000, "{}", "null", '{"id": 1}'])
def test_what_no_key_answers_is_an_error_and_no_fault(reader: Client, editor: User, answer: str) -> None:
    gives_password(reader)
    page = reader.post("/account/second-factor/key/", {"credential": answer, "name": "Chiave"})
    assert page.status_code == 422
    assert not Authenticator.objects.filter(user=editor).exists()


@pytest.mark.parametrize("answer", ["1" * 5000, "[" * 100_000, "{}", "null", '{"id": 1}'])
def test_nor_does_it_open_anything(reader: Client, editor: User, secret: str, answer: str) -> None:
    gives_password(reader)
    assert reader.post(PROVE, {"credential": answer}).status_code == 422
    assert not is_in(reader)


def test_nothing_that_it_is_made_of_stands_readable_in_the_database(editor: User, secret: str) -> None:
    RecoveryCodes.activate(editor)
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept


def test_with_another_key_no_code_is_right(reader: Client, secret: str, settings: Settings) -> None:
    settings.SECOND_FACTOR_KEY = "un’altra chiave"
    gives_password(reader)
    assert reader.post(PROVE, {"code": code_of(secret)}).status_code == 422


def test_the_only_one_is_not_taken_down_by_who_needs_it(
    required: None, reader: Client, editor: User, secret: str
) -> None:
    gives_password(reader)
    reader.post(PROVE, {"code": code_of(secret)})
    there = "/account/second-factor/app/remove/"
    assert "unico secondo fattore" in reader.get(there).content.decode()
    assert reader.post(there).status_code == 422
    assert editor.second_factors.exists()
    key = Authenticator.objects.create(user=editor, type="webauthn", data={"name": "Chiave"})
    assert reader.post(there).status_code == 302
    assert Deed.objects.latest("pk").verb == "factor.remove"
    assert reader.post(f"/account/second-factor/key/{key.pk}/remove/").status_code == 403


def test_after_five_minutes_one_proves_again_who_one_is(reader: Client, editor: User, secret: str) -> None:
    gives_password(reader)
    reader.post(PROVE, {"code": code_of(secret)})
    session = reader.session
    for said in session["account_authentication_methods"]:
        said["at"] -= 301
    session.save()
    there = "/account/second-factor/codes/new/"
    led = reader.get(there)
    assert led.headers["Location"].startswith("/account/again/?next=")
    assert reader.post(led.headers["Location"], {"password": "no", "next": there}).status_code == 422
    assert reader.post(led.headers["Location"], {"password": PASSWORD, "next": there}).status_code == 302
    assert reader.get(there).status_code == 200


def test_anothers_key_cannot_be_taken_down(reader: Client, editor: User, checker: User, secret: str) -> None:
    key = Authenticator.objects.create(user=checker, type="webauthn", data={"name": "Chiave"})
    gives_password(reader)
    reader.post(PROVE, {"code": code_of(secret)})
    assert reader.post(f"/account/second-factor/key/{key.pk}/remove/").status_code == 404
    assert Authenticator.objects.filter(pk=key.pk).exists()


def test_what_is_no_answer_of_a_key_is_refused(reader: Client, editor: User, secret: str) -> None:
    gives_password(reader)
    reader.get(PROVE)
    answers = ("{}", '{"id": "a", "response": {}}', '{"id": "YQ", "rawId": "YQ", "response": 1}', "[]")
    for answer in answers:
        assert reader.post(PROVE, {"credential": answer}).status_code == 422
    reader.post(PROVE, {"code": code_of(secret)})
    for answer in (*answers, "null", "no"):
        reader.get("/account/second-factor/key/")
        assert reader.post("/account/second-factor/key/", {"credential": answer}).status_code == 422


@pytest.mark.parametrize("there", ["", "app/", "key/", "codes/", "codes/new/", "codes/file/", "app/remove/"])
def test_nobody_but_who_is_signed_in_sees_these_pages(reader: Client, there: str) -> None:
    answer = reader.get(MINE + there)
    assert answer.status_code in (302, 404)


def test_who_keeps_the_accounts_gives_a_new_start_but_not_to_themselves(
    signed_in: SignedIn, editor: User, secret: str
) -> None:
    chief = make_user(is_staff=True, is_superuser=True)
    TOTP.activate(chief, generate_totp_secret())
    sent = {"action": "take_second_factors_away", "_selected_action": [editor.pk, chief.pk]}
    signed_in(chief).post(reverse("admin:newsroom_user_changelist"), sent)
    assert not editor.second_factors.exists()
    assert chief.second_factors.exists()
    deed = Deed.objects.latest("pk")
    told = {"person": "editor", "factors": ["totp"], "sessions": 0}
    assert (deed.verb, deed.before) == ("factor.take-away", told)
