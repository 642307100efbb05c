"""The cast, the database and the browser of the tests."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread, local
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.core.servers.basehttp import ThreadedWSGIServer
from django.db import connections, transaction
from django.test import Client
from django.test.testcases import QuietWSGIRequestHandler
from django.test.utils import override_settings
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django import DjangoDbBlocker, Settings

from newsroom.models import User
from tests.local_mail import LocalMail, local_mail
from tests.local_web import LocalWeb, local_web
from tests.prepared_database import PreparedDatabase
from tests.samples import SEED, all_of_it
from tests.watched_browser import FLAGS, WatchedBrowser, chromium

# Playwright's event loop runs in the thread of the tests, where Django would then refuse every query.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
# For the same loop Django would keep connections by asynchronous context; here a thread has its own.
connections._connections = local()

hypothesis.settings.register_profile("default", max_examples=25, deadline=None, derandomize=True)
hypothesis.settings.register_profile("long", max_examples=1000, deadline=None)
hypothesis.settings.load_profile("default")

JOURNEYS = Path(__file__).parent / "journeys"


def pytest_report_header() -> str:
    return "samples: none, all is tried" if all_of_it() else f"samples: SAMPLE_SEED={SEED}"


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # before there are workers: once for them all
        collect_static_files()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL, which comes second, what asks no database has been tested already."""
    if settings.DATABASES["default"]["ENGINE"] != "config.sqlite":
        config.hook.pytest_deselected(items=[item for item in items if not is_for_postgresql(item)])
        items[:] = filter(is_for_postgresql, items)
    for item in items:
        if JOURNEYS in item.path.parents:
            item.add_marker(pytest.mark.browser)
        if {"shared", "committed"} <= set(item.fixturenames):
            raise pytest.UsageError(f"{item.nodeid}: what `shared` made is never committed.")
        for marker in item.iter_markers("django_db"):
            if marker.kwargs.get("transaction"):
                raise pytest.UsageError(
                    f"{item.nodeid}: transaction=True empties the tables; ask for `committed`."
                )


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end, and is not looked through for garbage time and again."""
    gc.collect()
    gc.freeze()


def is_for_postgresql(item: pytest.Item) -> bool:
    return asks_the_database(item) and (all_of_it() or not item.get_closest_marker("once"))


def asks_the_database(item: pytest.Item) -> bool:
    return bool(item.get_closest_marker("django_db")) or "django_db_setup" in item.fixturenames


def collect_static_files() -> None:
    """Collects them as in production, hashed and compressed, if one changed since. Takes some seconds."""
    manifest = settings.STATIC_ROOT / "staticfiles.json"
    collected = manifest.stat().st_mtime if manifest.exists() else 0
    files = (storage.path(path) for finder in get_finders() for path, storage in finder.list([]))
    if any(os.stat(file).st_mtime > collected for file in files):
        call_command("collectstatic", interactive=False, verbosity=0)


# The database: a copy for each worker


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite on a file: the threads of a server would share the one connection of a database in memory."""
    database = settings.DATABASES["default"]
    if database["ENGINE"] == "config.sqlite":
        database["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[PreparedDatabase]:
    """The seed newsroom is in the test database before the first test."""
    with django_db_blocker.unblock():
        prepared = PreparedDatabase()
    yield prepared
    with django_db_blocker.unblock():
        prepared.close()


@pytest.fixture
def committed(django_db_setup: PreparedDatabase, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """What the test writes is really committed, for other threads to see; afterwards the seed is put back."""
    with django_db_blocker.unblock():
        yield
        connections.close_all()
        django_db_setup.restore()


@pytest.fixture(scope="module")
def shared(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Callable[..., Any]]:
    """`shared(make)`: the rows that it makes are there for every test of the module, and cost it nothing.

    What a test changes is undone after it, so none sees another's. Rows that were read while they were made
    belong to nobody: a test reads its own. Ask for it in an autouse fixture of the module, else a test finds
    the rows or does not by its place; a test that really commits does not belong into such a module.
    """
    around = transaction.atomic()
    # As Django marks its own for tests: within it a deed may still say that it is the outermost.
    around._from_testcase = True

    def make(rows: Callable[[], Any]) -> Any:
        with django_db_blocker.unblock():
            return rows()

    make(around.__enter__)
    yield make
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


@pytest.fixture
def rows(request: pytest.FixtureRequest) -> None:
    """The database as this test needs it: committed for a journey, else rolled back at the end."""
    journey = request.node.get_closest_marker("browser") or "committed" in request.fixturenames
    request.getfixturevalue("committed" if journey else "db")


# The cast


@pytest.fixture
def reader(rows: None) -> Client:
    """Anybody, not signed in."""
    return Client()


@pytest.fixture
def reporter(rows: None) -> User:
    return User.objects.get(username="reporter")


@pytest.fixture
def checker(rows: None) -> User:
    return User.objects.get(username="checker")


@pytest.fixture
def editor(rows: None) -> User:
    return User.objects.get(username="editor")


@pytest.fixture
def signed_in(rows: None) -> Callable[[User], Client]:
    """`signed_in(editor)`: the client of a member of staff."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


# What is outside


@pytest.fixture
def web(settings: Settings) -> Iterator[LocalWeb]:
    """A site that this site may fetch from: tests/settings.py permits its network, this its port."""
    with local_web() as web:
        settings.FETCH_PORTS = {80, 443, web.port}
        yield web


@pytest.fixture
def post(settings: Settings) -> Iterator[LocalMail]:
    """The mail server that letters are handed over to; without it they are in `django.core.mail.outbox`."""
    with local_mail() as mail:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", mail.port, 5
        yield mail


# The browser


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = chromium()
    if executable is None:
        pytest.fail("The journeys need Chromium: install it, or name its executable in CHROMIUM.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server(django_db_setup: PreparedDatabase) -> Iterator[str]:
    """The address of the site, served as in production: many threads, static files by WhiteNoise."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), QuietWSGIRequestHandler)
    with override_settings(WHITENOISE_AUTOREFRESH=False):
        server.set_app(WSGIHandler())
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def live(server: str, committed: None) -> str:
    """The address of the site. What a visitor does there is undone after the test."""
    return server


@pytest.fixture
def watched(browser: Browser, live: str) -> Iterator[WatchedBrowser]:
    """Opens pages: `watched.open(viewport=…)`. The test fails if anything went wrong on one of them."""
    watched = WatchedBrowser(browser, live)
    yield watched
    watched.close()
    assert watched.faults == []


@pytest.fixture
def page(watched: WatchedBrowser) -> Page:
    return watched.open()


@pytest.fixture
def sign_in(live: str, signed_in: Callable[[User], Client]) -> Callable[[Page, User], None]:
    """`sign_in(page, editor)`: from now on the page is that member of staff's."""

    def give_cookie(page: Page, user: User) -> None:
        cookie = signed_in(user).cookies[settings.SESSION_COOKIE_NAME]
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live}])

    return give_cookie
