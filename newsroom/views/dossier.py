"""The dossier of a claim: all that stands here about it, signed."""

from __future__ import annotations

from datetime import datetime, time

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.timezone import get_current_timezone, localdate, now
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from newsroom.formats import copies, dossier
from newsroom.forms import DossierForm
from newsroom.models import Claim, Newsroom
from newsroom.presenters.dossier import DossierPage, dossier_page

from .access import for_the_desk
from .review_page import answer, posted, the_claim


@for_the_desk("view_review", "view_evidence")
@posted
def claim_dossier(request: HttpRequest, code: str) -> HttpResponse:
    """The claim at the end of a day, or as it stands now, as one signed zip. If there is none, the review
    page says why.
    """
    claim = the_claim(code)
    given = request.POST or request.GET
    day = given.get("dossier-date", given.get("date", str(localdate())))
    form = DossierForm({"dossier-date": day, "dossier-shown": given.get("dossier-shown", "")})
    made_at = now()
    page = _page_of(claim, form, made_at=made_at) if form.is_valid() else None
    if settings.SIGNING_KEY is None:
        form.add_error(None, _("No dossier can be signed: the administrator has to name a key first."))
    elif page is not None:
        packed = dossier.write(_dossier(page), settings.SIGNING_KEY, at=made_at)
        response = HttpResponse(packed, content_type="application/zip")
        name = f"dossier-{claim.code}-{form.cleaned_data['date']}.zip"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
    return answer(request, claim, status=422, returned="dossier", dossier_form=form)


def _page_of(claim: Claim, form: DossierForm, *, made_at: datetime) -> DossierPage | None:
    """Of a day on which it did not stand here there is none, and the form says so."""
    day = form.cleaned_data["date"]
    midnight = datetime.combine(day, time.max, tzinfo=get_current_timezone())
    page = None
    if day <= localdate(made_at):
        newsroom = Newsroom.objects.current()
        page = dossier_page(claim, at=min(midnight, made_at), newsroom=newsroom, ending=copies.ending)
    if page is None:
        form.add_error("date", _("This claim did not stand here on that day."))
    return page


def _dossier(page: DossierPage) -> dossier.Dossier:
    files = {}
    for line in page.copies:
        with line.copy.file.open() as opened:
            files[line.name] = opened.read()
    return dossier.Dossier(
        title=page.claim.text,
        lang=get_language(),
        page=render_to_string("desk/_dossier.html", {"page": page}),
        about=page.about(),
        data=page.data(),
        copies=files,
    )
