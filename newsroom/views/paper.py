"""Pages as PDF, for who prints, files or sends them: what stands in the page, tagged."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, replace
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.utils.timezone import localdate, localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from newsroom.formats import tagged_pdf
from newsroom.formats.tagged_pdf import Sheet
from newsroom.models import Article, Newsroom, Picture
from newsroom.outside.release import release
from newsroom.outside.shared_cache import keep, kept

from . import reader
from .pages import site_address


@require_safe
def article_pdf(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The article with its notes, as its page shows it for the same query.

    A moved or withdrawn article answers as its page does, and who has this PDF already is answered 304.
    """
    answer = reader.article_page(request, slug)
    if answer.status_code != 200:
        answer.headers.setdefault("Cache-Control", "no-cache")
        return answer
    article = get_object_or_404(Article.objects.select_related("current_revision"), slug=slug)
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
    pictures = _pictures(tagged_pdf.pictures_in(html))
    # By their bytes: one that was erased has its address still.
    seen = [(address, hashlib.sha256(body).digest()) for address, body in sorted(pictures.items())]
    content = (
        release().mark,
        asdict(sheet),
        seen,
        tagged_pdf.content(html, replace(sheet, pictures=pictures)),
    )
    shown = hashlib.sha256(repr(content).encode()).hexdigest()
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
    name = f"pdf-{shown}"
    if found := kept(name):
        _about, paper.content = found
    else:
        paper.content = tagged_pdf.page(html, replace(sheet, pictures=pictures))
        keep(name, {}, paper.content)
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
