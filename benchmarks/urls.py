"""The project's addresses, and beside them a view that does nothing but answer."""

from __future__ import annotations

from collections import defaultdict
from itertools import count

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from config.urls import urlpatterns as of_the_project
from newsroom.models import Article, SavedView, Target


class BareView:
    """Answers `body` to everybody: what the same bytes cost without the work of making them."""

    def __init__(self) -> None:
        self.body = b"ok"

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse(self.body)


bare = BareView()

_TEXT = Template(
    "<!doctype html><title>{{ headline }}</title><p>{% for words, marks in runs %}{% if marks %}"
    '<mark data-marks="{{ marks }}">{{ words }}</mark>{% else %}{{ words }}{% endif %}{% endfor %}</p>'
)


def highlighted(_request: HttpRequest, slug: str) -> HttpResponse:
    """The smallest view that shows an article's highlights: two statements, one cut, one template."""
    article = Article.objects.select_related("current_revision").get(slug=slug)
    text = article.current_revision.text
    targets = Target.objects.filter(
        revision=article.current_revision, annotation__state="accepted", start__isnull=False
    )
    starts, ends = defaultdict(list), defaultdict(list)
    for key, start, end in targets.values_list("annotation", "start", "end"):
        starts[start].append(key)
        ends[end].append(key)
    here: dict[int, int] = {}
    runs, last = [], 0
    for place in [*sorted(starts.keys() | ends.keys()), len(text)]:
        if text[last:place]:
            runs.append((text[last:place], " ".join(map(str, here))))
        for key in ends.get(place, ()):
            here.pop(key, None)
        for key in starts.get(place, ()):
            here[key] = key
        last = place
    context = {"headline": article.headline, "runs": runs}
    return HttpResponse(_TEXT.render(Context(context)))


_numbers = count()


@csrf_exempt
def one_row(request: HttpRequest) -> HttpResponse:
    """The smallest view that commits a row."""
    with transaction.atomic():
        SavedView.objects.create(user_id=int(request.POST["user"]), name=f"v{next(_numbers)}", query="q=uno")
    return HttpResponse("ok")


urlpatterns = [
    path("bare/", bare),
    path("highlighted/<slug:slug>/", highlighted),
    path("one-row/", one_row),
    *of_the_project,
]
