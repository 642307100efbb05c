"""The log: lines of JSON that say which request and which page, and nobody's name."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from newsroom.middleware import Observed
from newsroom.outside import logs

NAME = "Zefirina Canarini"


class Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(logs.JsonLines())
        self.lines: list[dict[str, object]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(json.loads(self.format(record)))


@pytest.fixture
def written() -> Iterator[list[dict[str, object]]]:
    """What goes into the log while the test runs."""
    handler, ours = Lines(), [logging.getLogger(name) for name in ("newsroom", "newsroom.requests")]
    levels = [logger.level for logger in ours]
    for logger in ours:
        logger.setLevel(logging.INFO)
    ours[0].addHandler(handler)
    yield handler.lines
    ours[0].removeHandler(handler)
    for logger, level in zip(ours, levels, strict=True):
        logger.setLevel(level)


def answer(view: Callable[[HttpRequest], HttpResponse], path: str = "/", **headers: str) -> HttpResponse:
    response: HttpResponse = Observed(view)(RequestFactory().get(path, headers=headers))
    return response


def test_a_request_leaves_a_line_with_its_page_and_not_its_address(
    written: list[dict[str, object]],
) -> None:
    answer(lambda request: HttpResponse("Il ponte"), f"/search/?q={NAME}")
    [line] = written
    assert line["event"] == "answered"
    assert (line["route"], line["method"], line["status"], line["bytes"]) == ("none", "GET", 200, 8)
    assert len(str(line["request_id"])) == 32
    assert "Canarini" not in json.dumps(line)


@pytest.mark.parametrize(
    "path", ["/flags/geheim/", "/en/flags/geheim/confirm/", "/flags/geheim", "/replies/geheim/"]
)
def test_an_address_that_opens_something_by_itself_is_masked(path: str) -> None:
    record = logging.LogRecord("django.request", logging.WARNING, "x", 1, "Not Found: %s", (path,), None)
    assert logs.WithRequest().filter(record)
    assert "geheim" not in record.getMessage()
    assert path.rstrip("/").removesuffix("/confirm").rpartition("/")[0] in record.getMessage()


def test_the_lines_of_one_request_have_one_id_and_the_next_another(
    written: list[dict[str, object]],
) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        logging.getLogger("newsroom.views").warning("odd")
        return HttpResponse()

    answer(view)
    answer(view)
    ids = [line["request_id"] for line in written]
    assert (ids[0] == ids[1], ids[2] == ids[3], ids[1] == ids[2]) == (True, True, False)
    assert logs.request_id.get() == ""


@pytest.mark.parametrize("given", ["0123456789abcdef", "short", "x" * 65, "a line\nof its own", ""])
def test_only_our_proxy_names_a_request(
    written: list[dict[str, object]], settings: Settings, given: str
) -> None:
    for behind, kept in ((False, False), (True, given == "0123456789abcdef")):
        settings.BEHIND_PROXY = behind
        answer(lambda request: HttpResponse(), x_request_id=given)
        assert (written[-1]["request_id"] == given) is kept


def test_who_got_an_answer_that_failed_can_say_which(written: list[dict[str, object]]) -> None:
    assert "X-Request-ID" not in answer(lambda request: HttpResponse())
    failed = answer(lambda request: HttpResponse(status=500))
    assert failed["X-Request-ID"] == written[-1]["request_id"]


def test_an_error_is_logged_by_its_kind_and_place_without_its_words(
    written: list[dict[str, object]],
) -> None:
    try:
        raise ValueError(f"duplicate key (name)=({NAME})")
    except ValueError:
        logging.getLogger("newsroom").exception("not stored: %s", NAME)
    [line] = written
    assert (line["event"], line["error"]) == ("not stored: %s", "builtins.ValueError")
    assert "test_logs.py" in str(line["through"])
    assert "Canarini" not in json.dumps(line)


@pytest.mark.django_db
def test_a_slow_query_is_logged_without_its_values(written: list[dict[str, object]]) -> None:
    with connection.execute_wrapper(logs.SlowQueries(0)), connection.cursor() as cursor:
        cursor.execute("SELECT %s", [NAME])
    [line] = written
    assert (line["event"], line["sql"]) == ("slow query", "SELECT %s")
    with connection.execute_wrapper(logs.SlowQueries(60_000)), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    assert len(written) == 1
