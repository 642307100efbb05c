"""The API keeps to its own description, whatever is sent: no fault of ours, every answer as documented.

Schemathesis makes requests from the OpenAPI document, half of them wrong on purpose, with a token that may do
everything, and about rows that are there as well as about none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import hypothesis
import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from newsroom.models import Annotation, Article, Claim, Document, Entity, Evidence, Review, Source, User
from newsroom.views.api.describing import description
from tests.making import make_token

pytestmark = pytest.mark.django_db

SECRET = "ctl_" + "f" * 43
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
OPERATIONS = [(path, method) for path, operations in description()["paths"].items() for method in operations]
#: What stands before the id in an address, or is called so in a body -> rows to name.
ROWS: dict[str, Callable[[], Any]] = {
    "articles": Article.objects.all,
    "annotations": Annotation.objects.all,
    "claims": Claim.objects.all,
    "sources": Source.objects.all,
    "entities": Entity.objects.all,
    "reviews": Review.objects.public,
    "documents": Document.objects.all,
    "evidence": Evidence.objects.all,
}
IN_BODIES = {
    "article": "articles",
    "claim": "claims",
    "source": "sources",
    "claimant": "sources",
    "document": "documents",
}


@pytest.fixture
def program(rows: None, editor: User) -> Iterator[str]:
    """Its secret. The connection outlives a request, as it does under the client of the other tests."""
    make_token(SECRET, user=editor)
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield SECRET
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_every_answer_is_as_documented(program: str, path: str, method: str) -> None:
    schema = schemathesis.openapi.from_dict(description())
    schema.app = WSGIHandler()
    operation = schema[path][method]
    ids = {name: [str(row.uuid) for row in rows()[:3]] for name, rows in ROWS.items()}
    versions = {
        str(row.uuid): row.row_version for kind in (Annotation, Evidence) for row in kind.objects.all()
    }

    headers = {"Authorization": f"Bearer {program}", "Accept-Encoding": "identity"}

    @given(operation.as_strategy(), st.booleans(), st.integers(0, 2))
    @hypothesis.settings(suppress_health_check=list(HealthCheck), database=None)
    def ask(case: schemathesis.Case, about_a_row: bool, which: int) -> None:
        kind = path.split("/")[3]
        if about_a_row and "id" in (case.path_parameters or {}):
            case.path_parameters["id"] = ids[kind][which % len(ids[kind])]
            if "If-Match" in (case.headers or {}):
                version = versions.get(case.path_parameters["id"], 1)
                case.headers["If-Match"] = f'"{version}.0"'
        if about_a_row and isinstance(case.body, dict):
            for name in IN_BODIES.keys() & case.body.keys():
                if isinstance(case.body[name], str):
                    known = ids[IN_BODIES[name]]
                    case.body[name] = known[which % len(known)]
        case.call_and_validate(headers=headers, checks=CHECKS)

    ask()
