"""Closed by default: what the environment must say, and what it may not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.core.exceptions import ImproperlyConfigured

from config.environment import (
    LOOPBACK_HOSTS,
    database_from_url,
    env_bool,
    env_int,
    env_list,
    env_paces,
    env_ports,
    env_secret,
    env_sender,
    env_services,
    env_signing_key,
    env_text,
    kept_secret,
    kept_signing_key,
    loopback_only,
    mail_from_url,
)
from config.identity import identity_provider

BASE = Path(__file__).resolve().parent.parent
SECRET = "c0ntroluce-pr0duction-secret-that-is-long-and-has-many-different-letters"
PRODUCTION = {"CONTROLUCE_SECRET_KEY": SECRET, "CONTROLUCE_HOSTS": "redazione.example"}


def python(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs Python with these variables and no other of ours."""
    outside = {name: value for name, value in os.environ.items() if not name.startswith(("CONTROLUCE_", "D"))}
    return subprocess.run(
        [sys.executable, *command],
        cwd=BASE,
        env={**outside, **environment},
        capture_output=True,
        text=True,
    )


def manage(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return python("manage.py", *command, **environment)


def setting(name: str, **environment: str) -> str:
    """The value that one setting has under these variables. No application is loaded for it."""
    shown = python(
        "-c",
        f"from django.conf import settings; print(settings.{name})",
        DJANGO_SETTINGS_MODULE="config.settings",
        **environment,
    )
    assert shown.returncode == 0, shown.stderr
    return shown.stdout.strip()


def test_without_a_secret_nothing_starts() -> None:
    refused = manage("check")
    assert refused.returncode != 0
    assert "CONTROLUCE_SECRET_KEY" in refused.stderr


def test_without_a_word_there_is_no_debugging_no_demo_and_no_host() -> None:
    values = "DEBUG, settings.DEMO, settings.ALLOWED_HOSTS"
    assert setting(values, CONTROLUCE_SECRET_KEY=SECRET) == "False False []"


def test_a_production_site_passes_djangos_deployment_checks() -> None:
    checked = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert checked.returncode == 0, checked.stderr
    assert "no issues" in checked.stdout


def test_a_production_site_keeps_its_cookies_to_https() -> None:
    values = "SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, settings.SECURE_SSL_REDIRECT"
    assert setting(values, **PRODUCTION) == "True True True"


def test_work_that_waits_is_done_at_once_unless_there_is_a_worker() -> None:
    backend = "TASKS['default']['BACKEND']"
    assert "immediate" in setting(backend, **PRODUCTION)
    assert "django_tasks_db" in setting(backend, CONTROLUCE_WORKER="1", **PRODUCTION)


def test_nothing_is_fetched_from_inside_unless_the_settings_file_says_so() -> None:
    assert setting("FETCH_NETWORKS, settings.FETCH_PORTS", **PRODUCTION) == "[] {80, 443}"


def test_no_mail_is_sent_before_a_server_is_named() -> None:
    shown = setting("SENDS_MAIL, settings.EMAIL_BACKEND", **PRODUCTION)
    assert shown == "False django.core.mail.backends.dummy.EmailBackend"


def test_the_demo_prints_its_mail() -> None:
    shown = setting("EMAIL_BACKEND", CONTROLUCE_DEMO="1", CONTROLUCE_SECRET_KEY=SECRET)
    assert shown == "django.core.mail.backends.console.EmailBackend"


def test_a_mail_server_is_named_by_its_address_and_a_sender() -> None:
    named = PRODUCTION | {"CONTROLUCE_MAIL_URL": "smtps://desk:p%40ss@post.example"}
    refused = manage("check", **named)
    assert refused.returncode != 0
    assert "CONTROLUCE_MAIL_FROM" in refused.stderr
    assert "p%40ss" not in refused.stderr
    named["CONTROLUCE_MAIL_FROM"] = "Redazione <redazione@example.org>"
    shown = setting("SENDS_MAIL, settings.EMAIL_HOST, settings.DEFAULT_FROM_EMAIL", **named)
    assert shown == "True post.example Redazione <redazione@example.org>"


def test_the_demo_refuses_a_host_that_is_not_this_machine() -> None:
    refused = manage("check", CONTROLUCE_DEMO="1", CONTROLUCE_HOSTS="localhost,redazione.example")
    assert refused.returncode != 0
    assert "redazione.example" in refused.stderr


def test_the_demo_answers_this_machine_alone() -> None:
    shown = setting("ALLOWED_HOSTS", CONTROLUCE_DEMO="1", CONTROLUCE_SECRET_KEY=SECRET)
    assert shown == str(list(LOOPBACK_HOSTS))


def test_a_mistyped_switch_stops_the_site() -> None:
    refused = manage("check", CONTROLUCE_DEBUG="flase", **PRODUCTION)
    assert refused.returncode != 0
    assert "CONTROLUCE_DEBUG is 'flase'" in refused.stderr


@pytest.mark.parametrize("url", ["sqlite:///news.sqlite3", "sqlite:////data/news.sqlite3"])
def test_sqlite_waits_for_its_lock_and_holds_its_foreign_keys(url: str) -> None:
    database = database_from_url(url, base=Path("/data"))
    assert database["NAME"] == Path("/data/news.sqlite3")
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


@pytest.mark.parametrize("url", ["sqlite:///news.sqlite3", "postgresql://desk@db.example/news"])
def test_a_connection_serves_more_than_one_request(url: str) -> None:
    assert database_from_url(url, base=BASE)["CONN_MAX_AGE"] > 0


def test_postgresql_is_described_by_its_address() -> None:
    database = database_from_url("postgresql://desk:p%40ss@db.example:5433/news?sslmode=require", base=BASE)
    wanted = {"NAME": "news", "USER": "desk", "PASSWORD": "p@ss", "HOST": "db.example", "PORT": "5433"}
    assert database | wanted == database
    assert database["OPTIONS"] == {"sslmode": "require"}


def test_postgresql_may_listen_on_a_socket() -> None:
    database = database_from_url("postgresql://postgres:@/news?host=/run/postgresql", base=BASE)
    assert (database["HOST"], database["PORT"], database["OPTIONS"]) == ("/run/postgresql", "", {})


@pytest.mark.parametrize(
    "url",
    [
        "mysql://desk:hush@db/news",
        "news.sqlite3",
        "sqlite://news.sqlite3",
        "sqlite:///",
        "sqlite:///news.sqlite3?mode=ro",
        "postgresql://desk:hush@db",
        "postgresql://desk:hush@db:many/news",
        "postgresql://desk:hush@db/news?sslmode",
    ],
)
def test_an_address_of_no_database_is_refused_and_its_password_not_repeated(url: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        database_from_url(url, base=BASE)
    assert "hush" not in str(refusal.value)


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://desk:p%40ss@post.example", ("post.example", 587, "desk", "p@ss", True, False)),
        ("smtps://post.example:4650", ("post.example", 4650, "", "", False, True)),
        ("smtp+plain://127.0.0.1", ("127.0.0.1", 25, "", "", False, False)),
    ],
)
def test_mail_is_described_by_its_address(url: str, server: tuple[object, ...]) -> None:
    names = ("HOST", "PORT", "HOST_USER", "HOST_PASSWORD", "USE_TLS", "USE_SSL")
    described = mail_from_url(url)
    assert tuple(described[f"EMAIL_{name}"] for name in names) == server
    assert described["EMAIL_TIMEOUT"] > 0


@pytest.mark.parametrize(
    "url",
    [
        "post.example",
        "smtp://",
        "smtp://desk:hush@",
        "smtp://desk:hush@post.example:many",
        "smtp://desk:hush@post.example/inbox",
        "smtp+plain://desk:hush@post.example",
        "imap://desk:hush@post.example",
    ],
)
def test_an_address_of_no_mail_server_is_refused_and_its_password_not_repeated(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="CONTROLUCE_MAIL_URL") as refusal:
        mail_from_url(url)
    assert "hush" not in str(refusal.value)


@pytest.mark.parametrize(
    "value", [None, "", " ", "redazione", "Redazione <redazione>", "a@b.example, c@d.example"]
)
def test_nobody_is_no_sender(monkeypatch: pytest.MonkeyPatch, value: str | None) -> None:
    monkeypatch.delenv("SENDER", raising=False)
    if value is not None:
        monkeypatch.setenv("SENDER", value)
    with pytest.raises(ImproperlyConfigured, match="SENDER"):
        env_sender("SENDER")


@pytest.mark.parametrize(
    ("value", "meaning"), [("1", True), ("True", True), ("on", True), ("0", False), ("no", False)]
)
def test_a_switch_is_read(monkeypatch: pytest.MonkeyPatch, value: str, meaning: bool) -> None:
    monkeypatch.setenv("SWITCH", value)
    assert env_bool("SWITCH", default=not meaning) is meaning


def test_what_is_not_set_has_its_default(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NOTHING", "NOTHING_FILE"):
        monkeypatch.delenv(name, raising=False)
    assert env_bool("NOTHING", default=True) is True
    assert env_int("NOTHING", default=3) == 3
    assert env_list("NOTHING") == []
    assert env_text("NOTHING", default="here") == "here"
    assert env_secret("NOTHING") is None


@pytest.mark.parametrize("value", ["", "flase", "2"])
def test_nonsense_is_no_switch(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("SWITCH", value)
    with pytest.raises(ImproperlyConfigured, match="SWITCH"):
        env_bool("SWITCH", default=False)


@pytest.mark.parametrize("value", ["", "-1", "1.5", "ten", "٣"])
def test_nonsense_is_no_number(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("NUMBER", value)
    with pytest.raises(ImproperlyConfigured, match="NUMBER"):
        env_int("NUMBER", default=0)


@pytest.mark.parametrize("value", ["", "a.example,,b.example", "a.example,"])
def test_a_list_has_no_empty_value(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("LIST", value)
    with pytest.raises(ImproperlyConfigured, match="LIST"):
        env_list("LIST")


def test_a_list_is_parted_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIST", "a.example, b.example")
    assert env_list("LIST") == ["a.example", "b.example"]


def test_ports_are_added_to_those_that_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PORTS", raising=False)
    assert env_ports("PORTS", besides={80}) == {80}
    monkeypatch.setenv("PORTS", "8080, 443")
    assert env_ports("PORTS", besides={80}) == {80, 443, 8080}


@pytest.mark.parametrize("value", ["", "0", "-1", "65536", "http", "٨٠"])
def test_nonsense_is_no_port(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("PORTS", value)
    with pytest.raises(ImproperlyConfigured, match="PORTS"):
        env_ports("PORTS", besides={80})


def test_services_are_catalogues_with_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    assert env_services("SERVICES", of=("wikidata",)) == {}
    monkeypatch.setenv("SERVICES", "wikidata=https://names.example/api?lang=it, viaf=https://viaf.example")
    found = env_services("SERVICES", of=("wikidata", "viaf"))
    assert found == {"wikidata": "https://names.example/api?lang=it", "viaf": "https://viaf.example"}
    for nonsense in ("gnd=https://names.example", "wikidata=http://names.example", "wikidata"):
        monkeypatch.setenv("SERVICES", nonsense)
        with pytest.raises(ImproperlyConfigured, match="SERVICES"):
            env_services("SERVICES", of=("wikidata",))


def test_an_empty_text_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEXT", " ")
    with pytest.raises(ImproperlyConfigured, match="TEXT"):
        env_text("TEXT", default="here")


def test_a_secret_may_stand_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("hush\n")
    monkeypatch.setenv("KEY_FILE", str(tmp_path / "key"))
    assert env_secret("KEY") == "hush"


def test_an_empty_a_missing_and_a_doubled_secret_are_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KEY", " ")
    with pytest.raises(ImproperlyConfigured, match="KEY is empty"):
        env_secret("KEY")
    monkeypatch.setenv("KEY_FILE", str(tmp_path / "none"))
    with pytest.raises(ImproperlyConfigured, match="keep one"):
        env_secret("KEY")
    monkeypatch.delenv("KEY")
    with pytest.raises(ImproperlyConfigured, match="cannot be read"):
        env_secret("KEY")


def test_an_invented_secret_is_kept_and_is_the_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "var" / "secret"
    secret = kept_secret(path)
    assert len(secret) >= 50
    assert kept_secret(path) == secret
    assert path.stat().st_mode & 0o777 == 0o600


def test_loopback_names_are_all_there_is_in_the_demo() -> None:
    assert loopback_only("HOSTS", ["localhost"]) == list(LOOPBACK_HOSTS)
    with pytest.raises(ImproperlyConfigured, match=r"HOSTS has 192\.0\.2\.1"):
        loopback_only("HOSTS", ["192.0.2.1", "127.0.0.1"])


# The key that signs


def pem(key: Ed25519PrivateKey | X25519PrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def test_a_signing_key_is_read_from_a_variable_or_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert env_signing_key("CONTROLUCE_TEST_KEY") is None
    key = Ed25519PrivateKey.generate()
    monkeypatch.setenv("CONTROLUCE_TEST_KEY", pem(key))
    assert pem(env_signing_key("CONTROLUCE_TEST_KEY")) == pem(key)
    monkeypatch.delenv("CONTROLUCE_TEST_KEY")
    (tmp_path / "key").write_text(pem(key))
    monkeypatch.setenv("CONTROLUCE_TEST_KEY_FILE", str(tmp_path / "key"))
    assert pem(env_signing_key("CONTROLUCE_TEST_KEY")) == pem(key)


@pytest.mark.parametrize(
    "value", ["segreto", pem(X25519PrivateKey.generate())], ids=["no key", "another kind"]
)
def test_what_is_no_signing_key_is_refused_and_not_repeated(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONTROLUCE_TEST_KEY", value)
    with pytest.raises(ImproperlyConfigured) as refused:
        env_signing_key("CONTROLUCE_TEST_KEY")
    assert value.strip() not in str(refused.value)


def test_the_demo_keeps_a_key_of_its_own(tmp_path: Path) -> None:
    key = kept_signing_key(tmp_path / "var" / "key")
    assert pem(kept_signing_key(tmp_path / "var" / "key")) == pem(key)
    assert (tmp_path / "var" / "key").stat().st_mode & 0o077 == 0


def test_production_signs_nothing_without_a_key() -> None:
    assert setting("SIGNING_KEY", **PRODUCTION) == "None"


def test_logs_are_json_if_that_is_asked_and_nonsense_is_refused() -> None:
    shown = setting(
        "LOGGING['handlers']['stderr']['formatter'], settings.METRICS, settings.SLOW_QUERY_MS",
        CONTROLUCE_SECRET_KEY=SECRET,
    )
    assert shown == "text False 0"
    shown = python(
        "-c",
        "import django, logging; django.setup(); logging.getLogger('newsroom').warning('odd %s', 'Canarini')",
        DJANGO_SETTINGS_MODULE="config.settings",
        CONTROLUCE_LOGS="json",
        **PRODUCTION,
    )
    assert '"event": "odd %s"' in shown.stderr
    assert "Canarini" not in shown.stderr
    assert "write text or json" in manage("check", CONTROLUCE_LOGS="xml", **PRODUCTION).stderr


def test_a_slow_query_is_timed_on_every_connection() -> None:
    shown = python(
        "-c",
        "import django; django.setup(); from django.db import connection as c; c.cursor(); c.close(); "
        "c.cursor(); print([type(one).__name__ for one in c.execute_wrappers])",
        DJANGO_SETTINGS_MODULE="config.settings",
        DATABASE_URL="sqlite:///:memory:",
        CONTROLUCE_SLOW_QUERY_MS="200",
        **PRODUCTION,
    )
    assert shown.stdout.strip() == "['SlowQueries']", shown.stderr


def test_a_pace_is_changed_by_its_kind_and_nonsense_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"write": 300, "search": 120}
    assert env_paces("PACES_OF_TEST", default=known) == known
    monkeypatch.setenv("PACES_OF_TEST", "search=0, write=9")
    assert env_paces("PACES_OF_TEST", default=known) == {"write": 9, "search": 0}
    for nonsense in ("serach=1", "search", "search=-1", "search=many"):
        monkeypatch.setenv("PACES_OF_TEST", nonsense)
        with pytest.raises(ImproperlyConfigured, match="kind=number"):
            env_paces("PACES_OF_TEST", default=known)


# Another house's sign-in

OIDC = {
    "CONTROLUCE_OIDC_ISSUER": "https://login.example/realms/casa",
    "CONTROLUCE_OIDC_CLIENT_ID": "controluce",
    "CONTROLUCE_OIDC_CLIENT_SECRET": "hush",
    "CONTROLUCE_OIDC_ROLES": "redazione=Editor, verifica=Checker",
}


def described(monkeypatch: pytest.MonkeyPatch, **given: str | None):
    for name, value in (OIDC | given).items():
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    return identity_provider(local=False)


def test_nobody_else_signs_people_in_unless_an_issuer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert described(monkeypatch, **dict.fromkeys(OIDC)) is None
    assert setting("OIDC", **PRODUCTION) == "None"
    assert setting("OIDC.client_id", **PRODUCTION, **OIDC) == "controluce"


def test_an_identity_provider_is_described_by_its_variables(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    provider = described(monkeypatch, CONTROLUCE_OIDC_NETWORKS="10.1.0.0/16")
    assert (provider.name, provider.hours, provider.groups_claim) == ("login.example", 12, "groups")
    assert provider.roles == {"redazione": "Editor", "verifica": "Checker"}
    assert (provider.networks, provider.second_factors) == (("10.1.0.0/16",), frozenset())
    (tmp_path / "roles").write_text("cn=redazione,ou=casa = Editor\n\ncronaca=Reporter\n")
    provider = described(
        monkeypatch,
        CONTROLUCE_OIDC_ROLES=None,
        CONTROLUCE_OIDC_ROLES_FILE=str(tmp_path / "roles"),
        CONTROLUCE_OIDC_SECOND_FACTORS="mfa,hwk",
    )
    assert provider.roles == {"cn=redazione,ou=casa": "Editor", "cronaca": "Reporter"}
    assert provider.second_factors == {"mfa", "hwk"}


@pytest.mark.parametrize(
    "amiss",
    [
        {"CONTROLUCE_OIDC_ISSUER": None},
        {"CONTROLUCE_OIDC_ISSUER": "http://login.example"},
        {"CONTROLUCE_OIDC_ISSUER": "https://"},
        {"CONTROLUCE_OIDC_ISSUER": "https://login.example/?realm=casa"},
        {"CONTROLUCE_OIDC_CLIENT_ID": None},
        {"CONTROLUCE_OIDC_CLIENT_SECRET": None},
        {"CONTROLUCE_OIDC_ROLES": None},
        {"CONTROLUCE_OIDC_ROLES": "redazione"},
        {"CONTROLUCE_OIDC_ROLES": "=Editor"},
        {"CONTROLUCE_OIDC_ROLES": ","},
        {"CONTROLUCE_OIDC_SCOPES": "profile"},
        {"CONTROLUCE_OIDC_NETWORKS": "inside"},
        {"CONTROLUCE_OIDC_HOURS": "a day"},
        {"CONTROLUCE_OIDC_HOURS": "0"},
        {"CONTROLUCE_OIDC_ISSUER": "https://login.example:99999/"},
        {"CONTROLUCE_OIDC_ISSUER": "https://login.example:porta/"},
    ],
    ids=str,
)
def test_half_an_identity_provider_stops_the_site(
    monkeypatch: pytest.MonkeyPatch, amiss: dict[str, str | None]
) -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        described(monkeypatch, **amiss)
    assert "CONTROLUCE_OIDC_" in str(refusal.value)
    assert "hush" not in str(refusal.value)


def test_passwords_are_turned_off_only_if_somebody_still_comes_in() -> None:
    values = "PASSWORDS, settings.EMERGENCY_ACCOUNT"
    assert setting(values, **PRODUCTION) == "True"
    off = PRODUCTION | {"CONTROLUCE_PASSWORDS": "0"}
    for given in ({}, OIDC, {"CONTROLUCE_EMERGENCY_ACCOUNT": "emergenza"}):
        refused = manage("check", **off, **given)
        assert refused.returncode != 0
        assert "CONTROLUCE_PASSWORDS" in refused.stderr
    assert setting(values, **off, **OIDC, CONTROLUCE_EMERGENCY_ACCOUNT="emergenza") == "False emergenza"


@pytest.mark.parametrize("name", ["CONTROLUCE_SIGN_IN_FAILURES", "CONTROLUCE_SIGN_IN_FAILURES_BY_ADDRESS"])
def test_whoever_may_not_fail_once_could_never_try(name: str) -> None:
    refused = manage("check", **PRODUCTION, **{name: "0"})
    assert refused.returncode != 0
    assert "could never try" in refused.stderr
