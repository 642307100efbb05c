"""Public pages as a test reads them: where they are, what stands on them, whether they are sound."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import html5lib
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import translation
from lxml import html
from pypdf import PdfReader

from newsroom.models import Article, Claim, Entity, Source

SEED = "/articles/la-strategia-di-microsoft-e-la-contromossa-di-openai/"

#: Name of a public address -> every address of that kind that has something to show.
ADDRESSES: dict[str, Callable[[], Iterator[str]]] = {
    "front": lambda: iter([reverse("reader:front")]),
    "method": lambda: iter([reverse("reader:method")]),
    "imprint": lambda: iter([reverse("reader:imprint")]),
    "search": lambda: (
        f"{reverse('reader:search')}{query}"
        for query in ("", "?q=microsoft", "?q=microsoft&kind=evidence", "?q=…", "?q=inesistente")
    ),
    "checked": lambda: (
        f"{reverse('reader:checked')}{query}"
        for query in ("", "?q=Microsoft+ha+cambiato+strategia", "?q=inesistente")
    ),
    "article": lambda: (
        row.get_absolute_url() for row in Article.objects.exclude(published_at=None).order_by("pk")
    ),
    "map": lambda: (
        reverse("reader:map", args=[row.slug])
        for row in Article.objects.exclude(published_at=None).order_by("pk")
    ),
    "claim": lambda: (row.get_absolute_url() for row in Claim.objects.order_by("pk")),
    "claims": lambda: (
        f"{reverse('reader:claims')}{query}"
        for query in ("", "?rating=false", "?rating=unchecked", "?q=openai")
    ),
    "sources": lambda: iter([reverse("reader:sources")]),
    "entities": lambda: (
        f"{reverse('reader:entities')}{query}" for query in ("", "?letter=m", "?kind=person")
    ),
    "corrections": lambda: iter([reverse("reader:corrections")]),
    "claim-version": lambda: (f"{row.get_absolute_url()}versions/1/" for row in Claim.objects.order_by("pk")),
    "claim-card": lambda: (f"{row.get_absolute_url()}card/" for row in Claim.objects.order_by("pk")),
    "source": lambda: (row.get_absolute_url() for row in Source.objects.order_by("pk")),
    "entity": lambda: (row.get_absolute_url() for row in Entity.objects.order_by("pk")),
}


def said_by(answer: HttpResponse) -> str:
    """All that an answer says, the words of a PDF too, which are packed in its bytes."""
    body = b"".join(answer)
    if body.startswith(b"%PDF"):
        reader = PdfReader(BytesIO(body))
        return "\n".join([page.extract_text() for page in reader.pages] + [str(reader.metadata)])
    return body.decode(errors="replace")


def addresses(*names: str, some: int | None = None) -> Iterator[str]:
    """The public addresses in both languages; of each kind all, or the first `some`."""
    for lang in ("it", "en"):
        for name in names or ADDRESSES:
            with translation.override(lang):
                yield from list(ADDRESSES[name]())[:some]


def public_answers(
    reader: Client, *names: str, some: int | None = None
) -> Iterator[tuple[str, HttpResponse]]:
    """Every public page that is there."""
    for address in addresses(*names, some=some):
        response = reader.get(address)
        if response.status_code == 200:
            yield address, response


def tree(response: HttpResponse) -> html.HtmlElement:
    """The elements of a page or of a part of one."""
    return html.document_fromstring(response.content.decode())


def canonical_text(page: html.HtmlElement) -> str:
    """The text of the elements that say where in the article they begin, joined as canonical text is."""
    return "\n".join("".join(block.itertext()) for block in page.xpath("//*[@data-o]"))


def json_ld(response: HttpResponse) -> list[dict[str, Any]]:
    return [json.loads(block.text) for block in tree(response).xpath("//script[@type='application/ld+json']")]


def faults(response: HttpResponse) -> list[str]:
    """What is wrong with a page's HTML: syntax, ids, references to ids, links in links."""
    source = response.content.decode()
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    page = (
        parser.parse(source)
        if source.lstrip().lower().startswith("<!doctype")
        else parser.parseFragment(source)
    )
    found = [f"{place}: {code} {given}" for place, code, given in parser.errors]
    elements = list(page.iter())
    ids = Counter(element.get("id") for element in elements if element.get("id"))
    found += [f"id {name} stands {number} times" for name, number in ids.items() if number > 1]
    for element in elements:
        for name in ("aria-labelledby", "aria-describedby", "for", "popovertarget"):
            found += [
                f"{name} names {word}, which is not there"
                for word in (element.get(name) or "").split()
                if word not in ids
            ]
        if element.tag == "a":
            found += ["a link stands in a link" for inner in element.iter("a") if inner is not element]
        if (element.get("href") or "").startswith("#") and element.get("href")[1:] not in ids:
            found.append(f"{element.get('href')} leads nowhere")
    # The parser above moves a link out of a link without a word, so the source is asked as well.
    depth = 0
    for closing in re.findall(r"<(/?)a[\s>]", source):
        depth += -1 if closing else 1
        if depth not in (0, 1):
            found.append("a link is opened in a link")
    return found
