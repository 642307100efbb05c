"""Pages as PDF, for who prints, files or sends them: what stands in the page, tagged."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, replace
from uuid import UUID

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.utils.timezone import localdate, localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from newsroom.formats import tagged_pdf
from newsroom.formats.tagged_pdf import Sheet
from newsroom.models import Article, Newsroom, Picture

from . import reader
from .pages import site_address

#: Seconds that a PDF is kept. It is found by all that it shows, so none is ever out of date.
KEPT = 24 * 60 * 60


@require_safe
def article_pdf(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The article with its notes, as its page shows it for the same query.

    A moved or withdrawn article answers as its page does, and who has this PDF already is answered 304.
    """
    answer = reader.article_page(request, slug)
    if answer.status_code != 200:
        return answer
    article = Article.objects.select_related("current_revision").get(slug=slug)
    newsroom = Newsroom.objects.current()
    html = answer.content.decode()
    sheet = Sheet(
        title=article.headline,
        lang=get_language(),
        address=site_address(newsroom, request) + article.get_absolute_url(),
        at=localtime(article.current_revision.at),
        authors=(article.byline,) if article.byline else (),
        foot=_("%(newsroom)s · as it read on %(date)s")
        % {"newsroom": newsroom, "date": localdate().isoformat()},
    )
    content = repr((asdict(sheet), tagged_pdf.content(html, sheet)))
    shown = hashlib.sha256(content.encode()).hexdigest()
    paper = HttpResponse(content_type="application/pdf")
    paper.headers["ETag"] = quote_etag(shown)
    patch_cache_control(paper, public=True, max_age=0, must_revalidate=True)
    paper.headers["Content-Disposition"] = f'inline; filename="{article.slug}.pdf"'
    # Search engines are shown the page: this is the same again.
    paper.headers["Link"] = f'<{sheet.address}>; rel="canonical"'
    paper.headers["X-Robots-Tag"] = "noindex"
    known = get_conditional_response(request, etag=paper.headers["ETag"], response=paper)
    if known is not paper:
        return known
    body = cache.get(f"pdf:{shown}")
    if body is None:
        pictures = _pictures(tagged_pdf.pictures_in(html))
        body = tagged_pdf.page(html, replace(sheet, pictures=pictures))
        cache.set(f"pdf:{shown}", body, KEPT)
    paper.content = body
    return paper


def _pictures(addresses: list[str]) -> dict[str, bytes]:
    """Those of ours, by address: one that the page shows may be in its PDF."""
    if not addresses:
        return {}
    names = {address.rpartition("/")[2].removesuffix(".webp"): address for address in addresses}
    found = Picture.objects.filter(uuid__in=[name for name in names if _is_uuid(name)])
    return {names[str(picture.uuid)]: picture.file.open().read() for picture in found}


def _is_uuid(name: str) -> bool:
    try:
        return str(UUID(name)) == name
    except ValueError:
        return False
