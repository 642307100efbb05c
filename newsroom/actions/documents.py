"""Documents: added, once for each address."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from newsroom.models import Document, Newsroom, User

from .deeds import record
from .refusals import Refused, require


class Known(Refused):
    """A document of this address is here already: `document` is it."""

    def __init__(self, document: Document):
        self.document = document
        super().__init__(
            _("This address is here already: “%(title)s”."), params={"title": document.title}, code="url"
        )


@transaction.atomic
def add(*, by: User, at: datetime, **fields: Any) -> Document:
    """A document that may be used for many claims. Raises Known if its address is here already."""
    require(by, "add_document")
    # Two who add one address at the same moment wait for each other here.
    list(Newsroom.objects.select_for_update())
    url = fields.get("url", "")
    if url and (known := Document.objects.filter(url=url, withdrawn_at=None).first()):
        raise Known(known)
    document = Document(**fields)
    document.full_clean()
    document.save()
    record("document.add", by=by, at=at, objects=[document], after={"title": document.title})
    return document
