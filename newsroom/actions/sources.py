"""Sources: who speaks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from newsroom.models import Source, User

from .deeds import record
from .refusals import require


@transaction.atomic
def add(*, by: User, at: datetime, **fields: Any) -> Source:
    """A person, an organisation, a publication or a document that speaks, by its public name."""
    require(by, "add_source")
    source = Source(**fields)
    source.full_clean()
    source.save()
    record("source.add", by=by, at=at, objects=[source], after={"name": source.name, "kind": source.kind})
    return source
