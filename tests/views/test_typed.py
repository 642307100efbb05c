"""What was typed when the session had ended, or when the form's token was an old one, is not lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.admin import site
from django.contrib.auth.models import AnonymousUser
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation
from lxml import html

from newsroom.forms.labels import label_of
from newsroom.forms.reviewing import AssignmentForm, RequestForm
from newsroom.models import Comment, User
from newsroom.views import typed
from tests.making import make_claim

pytestmark = pytest.mark.django_db

BODY = "Il collaudo è del 1971,\r\nma la <b>perizia</b> dice altro."
OURS = {"Origin": "http://testserver"}
SIGN_IN = reverse("admin:login")


@pytest.fixture
def there() -> str:
    return reverse("desk:threads-claim", args=[make_claim().code])


@pytest.fixture
def stranger() -> Client:
    """Nobody is signed in, and the forms need their token."""
    return Client(enforce_csrf_checks=True)


def fields(answer) -> dict[str, str]:
    """What the form of the page's main part sends."""
    [form] = html.fromstring(answer.content.decode()).xpath("//main//form")
    sent = {each.get("name"): each.get("value", "") for each in form.xpath(".//input[@name]")}
    return sent | {"": form.get("action")}


def ended(client: Client, there: str, **given: str):
    """The page that a post without a session gets, from one of our pages whose token still held."""
    client.get(SIGN_IN)
    token = client.cookies["csrftoken"].value
    return client.post(there, {"body": BODY, "csrfmiddlewaretoken": token} | given, headers=OURS)


def signs_in(client: Client, page, username: str, password: str = "parola"):
    sent = fields(page) | {"username": username, "password": password}
    return client.post(sent.pop(""), sent, headers=OURS)


@pytest.fixture
def checker(checker: User) -> User:
    checker.set_password("parola")
    checker.save()
    return checker


def test_words_sent_after_the_session_ended_come_back_after_signing_in(
    stranger: Client, there: str, checker: User
) -> None:
    page = ended(stranger, there)
    assert page.status_code == 401
    assert "perizia&lt;/b&gt;" in page.content.decode()
    assert not Comment.objects.exists()

    back = signs_in(stranger, page, checker.username)
    assert back.status_code == 200
    assert f"<strong>{checker.username}</strong>" in back.content.decode()
    assert not Comment.objects.exists(), "nothing is sent by itself"

    sent = fields(back)
    assert sent[""] == there
    answer = stranger.post(sent.pop(""), sent, headers=OURS)
    assert answer.status_code == 302
    comment = Comment.objects.get()
    assert (comment.by, comment.body.split()) == (checker, BODY.split())


def test_a_wrong_password_keeps_what_was_typed(stranger: Client, there: str, checker: User) -> None:
    again = signs_in(stranger, ended(stranger, there), checker.username, "sbagliata")
    assert again.status_code == 401
    assert "perizia" in again.content.decode()
    assert "perizia" in signs_in(stranger, again, checker.username).content.decode()


def test_the_name_of_a_file_is_told_since_the_file_cannot_be_carried(stranger: Client, there: str) -> None:
    page = ended(stranger, there, copia=SimpleUploadedFile("verbale.pdf", b"%PDF"))
    assert "verbale.pdf" in page.content.decode()


def test_what_is_too_long_to_be_carried_is_shown_to_be_copied(
    stranger: Client, there: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typed, "LONGEST", 10)
    page = ended(stranger, there)
    assert (page.status_code, "carried" in fields(page)) == (401, False)
    assert "perizia" in page.content.decode()


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Origin": "http://elsewhere.example"}, id="origin"),
        pytest.param({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, id="fetch metadata"),
        pytest.param({"Sec-Fetch-Site": "none", "Origin": "http://testserver"}, id="no page"),
        pytest.param({}, id="nothing said"),
    ],
)
@pytest.mark.parametrize("who", ["nobody", "checker"])
def test_another_site_gets_nothing_carried(
    headers: dict[str, str], who: str, stranger: Client, there: str, checker: User
) -> None:
    if who == "checker":
        stranger.force_login(checker)
    answer = stranger.post(there, {"body": BODY}, headers=headers)
    assert answer.status_code == 403
    assert "perizia" not in answer.content.decode()
    assert not Comment.objects.exists()


def test_a_page_with_the_token_of_an_earlier_session_is_sent_again_with_a_new_one(
    stranger: Client, there: str, checker: User
) -> None:
    stranger.force_login(checker)
    page = stranger.post(there, {"body": BODY, "csrfmiddlewaretoken": "0" * 64}, headers=OURS)
    assert page.status_code == 403
    sent = fields(page)
    assert stranger.post(sent.pop(""), sent, headers=OURS).status_code == 302
    assert Comment.objects.get().by == checker


def test_htmx_with_the_token_of_an_earlier_session_gets_a_new_one(
    stranger: Client, there: str, checker: User
) -> None:
    stranger.force_login(checker)
    answer = stranger.post(there, {"body": BODY}, headers=OURS | {"HX-Request": "true"})
    assert (answer.status_code, answer.headers["X-Session"]) == (403, "changed")
    token = answer.headers["X-Fresh-Token"]
    headers = OURS | {"HX-Request": "true", "X-CSRFToken": token}
    assert stranger.post(there, {"body": BODY}, headers=headers).status_code == 200
    assert Comment.objects.get().by == checker


def test_a_form_of_the_admin_comes_back_after_signing_in(stranger: Client, editor: User) -> None:
    editor.set_password("parola")
    editor.save()
    there = reverse("admin:newsroom_entity_add")
    back = signs_in(stranger, ended(stranger, there, name="Zelinda Sordi"), editor.username)
    assert (fields(back)[""], fields(back)["name"]) == (there, "Zelinda Sordi")


@pytest.mark.parametrize(
    ("to", "salt"),
    [
        pytest.param("https://elsewhere.example/desk/", "newsroom.typed", id="another host"),
        pytest.param("//elsewhere.example/desk/", "newsroom.typed", id="no scheme"),
        pytest.param("/admin/password_change/", "newsroom.typed", id="password"),
        pytest.param("/claims/", "newsroom.typed", id="no desk"),
        pytest.param("/desk/", "another", id="signed for something else"),
    ],
)
def test_nothing_is_sent_where_it_must_not_go(
    to: str, salt: str, stranger: Client, there: str, checker: User
) -> None:
    page = ended(stranger, there)
    forged = signing.dumps({"to": to, "fields": [["body", "x y"]], "files": []}, salt=salt, compress=True)
    sent = fields(page) | {"username": checker.username, "password": "parola", "carried": forged}
    answer = stranger.post(sent.pop(""), sent, headers=OURS)
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("desk:home"))


def test_who_typed_nothing_signs_in_and_comes_back(stranger: Client, there: str) -> None:
    stranger.get(SIGN_IN)
    headers = OURS | {"X-CSRFToken": stranger.cookies["csrftoken"].value}
    answer = stranger.post(there, headers=headers)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{SIGN_IN}?next=/desk/")


def test_passwords_are_never_carried(stranger: Client, there: str) -> None:
    answer = ended(stranger, there, new_password1="segreta")
    assert answer.status_code == 302
    assert "segreta" not in answer.content.decode()


def test_what_was_typed_more_than_a_night_ago_is_shown_and_not_sent(
    stranger: Client, there: str, checker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = ended(stranger, there)
    monkeypatch.setattr(typed, "SECONDS", -1)
    back = signs_in(stranger, page, checker.username)
    assert back.status_code == 200
    assert "perizia&lt;/b&gt;" in back.content.decode()
    assert not html.fromstring(back.content.decode()).xpath("//main//form")


def test_no_second_try_sets_the_clock_anew(stranger: Client, there: str, checker: User) -> None:
    page = ended(stranger, there)
    again = signs_in(stranger, page, checker.username, "sbagliata")
    assert fields(again)["carried"] == fields(page)["carried"]
    # Nor does a sign-in page whose own token is an old one.
    old = fields(page) | {"csrfmiddlewaretoken": "0" * 64}
    assert fields(stranger.post(old.pop(""), old, headers=OURS))["carried"] == fields(page)["carried"]


def test_a_long_text_that_came_with_a_file_is_sent_again_as_it_came(
    stranger: Client, there: str, checker: User
) -> None:
    """Each of its letters is six characters in an address: so written it would be too large."""
    back = signs_in(stranger, ended(stranger, there, body="же " * 300_000), checker.username)
    [form] = html.fromstring(back.content.decode()).xpath("//main//form")
    assert form.get("enctype") == "multipart/form-data"
    sent = fields(back)
    assert stranger.post(sent.pop(""), sent, headers=OURS).status_code == 422


def test_htmx_is_told_who_is_signed_in_now(stranger: Client, there: str, checker: User) -> None:
    stranger.force_login(checker)
    answer = stranger.post(there, {"body": BODY}, headers=OURS | {"HX-Request": "true"})
    assert answer.headers["X-Signed-In"] == str(checker.pk)


def test_a_password_stands_in_no_report_of_an_error(rf: RequestFactory) -> None:
    request = rf.post(SIGN_IN, {"carried": "no", "username": "ada", "password": "parola"})
    request.user = AnonymousUser()
    request.session = {}
    site.login(request)
    assert request.sensitive_post_parameters == "__ALL__"


def test_both_pages_are_kept_by_no_cache(
    stranger: Client, there: str, checker: User, signed_in: Callable[[User], Client]
) -> None:
    page = ended(stranger, there)
    for answer in (page, signs_in(stranger, page, checker.username)):
        assert {"private", "no-store"} <= set(answer.headers["Cache-Control"].split(", "))


def test_what_was_typed_stands_under_the_labels_of_its_fields(stranger: Client) -> None:
    """Of a page with several forms, that of those in which somebody typed."""
    claim = make_claim()
    given = {
        "page": "1",
        "rate-summary": "Costa dodici milioni.",
        "rate-lang": "it",
        "rate-shown": "-",
        "assign-to": "checker",
        "assign-shown": AssignmentForm(initial={"to": "checker"})["shown"].value(),
        "request-asked": "La giunta",
        "request-shown": RequestForm(initial={"asked": "La giunta"})["shown"].value(),
        "body-new": "Chi chiama i tecnici?",
    }
    page = ended(stranger, reverse("desk:claim-propose", args=[claim.code]), **given)
    [terms] = html.fromstring(page.content.decode()).xpath("//main//dl")
    told = dict(zip(terms.xpath(".//dt/text()"), terms.xpath(".//dd/text()"), strict=True))
    assert told["In breve"] == "Costa dodici milioni."
    assert told["Commento"] == "Chi chiama i tecnici?"
    assert not {"La giunta", "checker"} & set(told.values())
    assert not {"page", "rate-shown", "key"} & told.keys()


@pytest.mark.parametrize(
    ("name", "model", "label"),
    [
        ("rate-summary", "", "In breve"),
        ("evidence-quotation", "", "Parole esatte"),
        ("evidence-9kf0htgx9n-quotation", "", "Parole esatte"),
        ("body", "", "Commento"),
        ("headline", "article", "Titolo"),
        ("what-nobody-named", "", "what-nobody-named"),
        ("nothing", "article", "nothing"),
    ],
)
def test_a_field_has_its_label(name: str, model: str, label: str) -> None:
    with translation.override("it"):
        assert label_of(name, model) == label


def test_an_origin_that_is_no_address_is_another_site(stranger: Client, there: str) -> None:
    for origin in ("http://[", "http://[::1", "null"):
        assert stranger.post(there, {"body": BODY}, headers={"Origin": origin}).status_code == 403
