"""Articles that are taken out as a file: who took them, as what, and how many.

The file is made by whoever asks for it; the record is there before the first byte of it leaves.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from newsroom.models import Article, User

from .deeds import record
from .refusals import Refused, require

#: Articles that a record names; of more, it has their number.
NAMED = 100


@transaction.atomic
def take_out(
    articles: QuerySet[Article], *, as_what: str, for_the_desk: bool, by: User, at: datetime
) -> None:
    """Writes down that these leave in the format `as_what`: as readers see them, or as the desk does.

    What the desk alone sees, drafts and texts of others in full, is for who may take that out.
    """
    require(by, "export_article" if for_the_desk else "view_article")
    number = articles.count()
    if not number:
        raise Refused(_("No article is like that: there is nothing to take out."), code="nothing")
    named = list(articles.only("uuid", "slug")[:NAMED])
    record(
        "article.export",
        by=by,
        at=at,
        article=named[0] if number == 1 else None,
        objects=named,
        after={"format": as_what, "articles": number, "for_the_desk": for_the_desk},
    )
