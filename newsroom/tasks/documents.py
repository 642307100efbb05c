"""Copies of documents are fetched, and their addresses looked at again."""

from __future__ import annotations

from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django_tasks import task

from newsroom.actions import documents
from newsroom.actions.documents import Content
from newsroom.actions.refusals import Refused
from newsroom.formats import copies
from newsroom.formats.unreadable import Unreadable
from newsroom.models import DocumentCheck, StoredCopy
from newsroom.outside.fetch import fetch
from newsroom.outside.unfetchable import Answered, Unfetchable

from .originals import policy

#: What a site answers where it says that nothing is there.
GONE = {404, 410}


@task
def finish_copy(uuid: str, *, language: str) -> None:
    """Fetches the copy that waits. It ends as kept or failed, with the reason in this language."""
    copy = StoredCopy.objects.waiting().filter(uuid=uuid).select_related("by").first()
    if copy is None:
        return
    with translation.override(language):
        try:
            documents.copy_came(copy, content=_fetched(copy.address), by=copy.by, at=now())
        except (Unfetchable, Unreadable) as reason:
            documents.copy_failed(copy, message=str(reason), by=copy.by, at=now())
        except Refused:
            return  # another worker was quicker
        except Exception:
            documents.copy_failed(copy, message=_fault(), by=copy.by, at=now())
            raise


@task
def finish_check(uuid: str, *, language: str) -> None:
    """Looks at the address of a check that waits."""
    check = DocumentCheck.objects.waiting().filter(uuid=uuid).select_related("by", "document").first()
    if check is None:
        return
    with translation.override(language):
        try:
            look(check)
        except Refused:
            return  # another worker was quicker


def look(check: DocumentCheck) -> DocumentCheck:
    """What became of the document, as far as its address tells. `check` comes with its document and `by`."""
    try:
        content = _fetched(check.document.url)
    except Answered as answer:
        end = documents.found_gone if answer.what["status"] in GONE else documents.not_reached
        return end(check, message=str(answer), by=check.by, at=now())
    except (Unfetchable, Unreadable) as reason:
        return documents.not_reached(check, message=str(reason), by=check.by, at=now())
    except Exception:
        documents.not_reached(check, message=_fault(), by=check.by, at=now())
        raise
    return documents.checked(check, content=content, by=check.by, at=now())


def _fetched(address: str) -> Content:
    page = fetch(address, policy())
    read = copies.read(page.body, page.content_type, charset=page.charset, url=page.url)
    return Content(body=page.body, content_type=read.content_type, text=read.text, whole=read.whole)


def _fault() -> str:
    return _("It could not be read, by a fault of this program: the administrator can see which.")
