"""Every kind of page of the desk, each with what it takes to be there, for the checks that walk them all.

`PAGES[name]()` makes the rows that the seed has not, and returns the address. `IN_ERROR[name]` is an address
and what a person does there, so that its form comes back.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils.timezone import now
from playwright.sync_api import Page

from newsroom.actions import articles, entities
from newsroom.models import (
    Annotation,
    Article,
    Claim,
    Entity,
    EntityAlias,
    Evidence,
    Flag,
    FlagAnswer,
    Import,
    Reply,
    Suggestion,
    Target,
    User,
)
from tests.making import (
    HTML,
    LATER,
    make_appearance,
    make_article,
    make_assignment,
    make_attribution,
    make_check,
    make_claim,
    make_copy,
    make_document,
    make_entity,
    make_evidence,
    make_flag,
    make_import,
    make_invitation,
    make_mention,
    make_model,
    make_original,
    make_rectification,
    make_relation,
    make_reply,
    make_request,
    make_review,
    make_suggestion,
    make_template,
    make_thread,
    make_user,
)


def revised() -> Article:
    """Of its annotations one is to be checked, one is lost in two of its parts, and one stands."""
    article = make_article(slug="ponte", headline="Il ponte di Ada")
    make_review(make_appearance(article, "Costerà dieci milioni"))
    make_attribution(article)
    make_mention(article, "i tecnici")
    articles.revise(
        article,
        html=HTML.replace("dieci", "dodici").replace(", ha detto la sindaca", ""),
        kind="correction",
        note="Erano dodici.",
        by=User.objects.get(username="reporter"),
        at=LATER,
        based_on=1,
    )
    article.refresh_from_db()
    return article


def in_doubt() -> Evidence:
    """Under a rating that is to be checked again, since its document drifted; with copies and checks."""
    review = make_review(make_appearance(), state="stale", stale_cause="document")
    document = make_document(title="La delibera", url="https://a.example/atto", note="Vista il 3.")
    item = make_evidence(review.claim, document=document, quotation="Il ponte è aperto.", in_copy="absent")
    withdrawn = {"withdrawn_at": LATER, "withdrawal_reason": "Un altro ponte."}
    make_evidence(review.claim, quotation="Chiuso.", note="Da rileggere.", **withdrawn)
    copy = make_copy(document)
    make_copy(document, state="failed", message="Non risponde.")
    make_check(document, finding="drifted", compared=copy, lost=[str(item.uuid)], likeness=0.6)
    make_check(document, finding="unreached", message="Non risponde.")
    return item


def evidence_to_add() -> str:
    item = in_doubt()
    return f"{reverse('desk:claim', args=[item.claim.code])}?document={item.document.code}"


def withdrawn_item() -> str:
    withdrawn = in_doubt().claim.evidence.exclude(withdrawn_at=None).get()
    return reverse("desk:evidence-item", args=[withdrawn.code])


def of(name: str, *numbers: int) -> Callable[[], str]:
    return lambda: reverse(f"desk:{name}", args=[revised().slug, *numbers])


def queue(name: str) -> Callable[[], str]:
    return lambda: f"{reverse(f'desk:{name}')}?article={revised().slug}"


def annotation() -> str:
    article = revised()
    lost = Annotation.objects.get(pk__in=Target.objects.lost().values("annotation"), article=article)
    return reverse("desk:annotation", args=[lost.code])


def relations() -> str:
    """A claim with relations of both directions, one of them strong and with a note."""
    return f"{reverse('desk:relations', args=[related().code])}?q=microsoft"


def a_relation() -> str:
    claim = related()
    return reverse("desk:relation", args=[claim.code, claim.relations_in.first().code])


def related() -> Claim:
    claim = make_appearance().claim
    make_relation(claim, make_claim(), kind="part_of")
    make_relation(make_claim(), claim, strength="strong", note="Lo dice il verbale.")
    return claim


def checked() -> Claim:
    """A claim with all that a review page shows: it accuses, was reviewed twice, and a third review waits."""
    article = make_article(headline="Il ponte di Ada")
    claim = make_claim(accuses="yes", accused="Il Comune", text="Il ponte costerà dieci milioni di euro.")
    appearance = make_appearance(article, "Costerà dieci milioni", claim=claim)
    make_attribution(article, claim=claim)
    for stance in ("supports", "refutes", "context"):
        make_evidence(claim, stance=stance, quotation="Dieci milioni.", note="Pagina 7.")
    make_claim(text="Il ponte costerà venti milioni di euro.")
    make_request(claim=claim)
    make_assignment(claim=claim, assignee=User.objects.get(username="checker"), due=LATER.date())
    make_review(appearance, state="superseded", explanation="Una *prova*.")
    make_review(appearance)
    author = User.objects.get(username="checker")
    make_review(appearance, state="proposed", author=author, explanation="- uno\n- due")
    make_thread(claim)
    return claim


def review_page() -> str:
    return reverse("desk:claim", args=[checked().code])


def board() -> str:
    make_review(make_appearance(), state="stale")
    make_assignment(assignee=User.objects.get(username="checker"), due=LATER.date())
    return (checked(), reverse("desk:reviews"))[1]


def two_entities() -> tuple[Entity, Entity]:
    """Two that share a name; one is protected, and another one became it."""
    article = make_article(slug="nomi", headline="Il ponte di Ada")
    one = make_entity(name="Ada Neri", privacy="delisted", description="Sindaca.")
    other, third = make_entity(name="La sindaca Neri"), make_entity(name="A. Neri")
    for entity in (one, other):
        EntityAlias.objects.create(entity=entity, name="la sindaca")
        make_mention(article, "la sindaca", entity=entity)
    entities.merge(third, into=one, by=User.objects.get(username="editor"), at=LATER)
    return one, other


def entity(name: str = "entity", number: int = 0) -> Callable[[], str]:
    return lambda: reverse(f"desk:{name}", args=[two_entities()[number].code])


def merging() -> str:
    one, other = two_entities()
    return f"{reverse('desk:entity-merge', args=[other.code])}?into={one.code}"


def erasing() -> str:
    """No role opens this page: the permission is given by name."""
    permission = Permission.objects.get(codename="redact")
    User.objects.get(username="editor").user_permissions.add(permission)
    make_entity(name="Nerina Sottovoce", description="Nerina Sottovoce, testimone.")
    return reverse("desk:erase")


def stored(total: int = 1) -> Import:
    """A file whose one text is stored, of so many."""
    report = {
        "made": [str(make_article().uuid)],
        "annotations": 1,
        "named": {"entity": 1},
        "left": {"links": 1},
    }
    state = Import.State.STORED if total == 1 else Import.State.STORING
    return make_import(state=state, total=total, done=1, report=report, stored_by=make_user())


def assistant() -> str:
    """Proposals of two weeks and kinds that were decided, a training that was kept and one that was not."""
    editor = User.objects.get(username="editor")
    for number, decision in enumerate(("accepted", "accepted", "corrected", "rejected")):
        for kind in ("mention", "claim"):
            row = make_suggestion(kind=kind)
            when = now() - timedelta(days=7 * number)
            Suggestion.objects.filter(pk=row.pk).update(decision=decision, decided_by=editor, decided_at=when)
    make_model(state="worse", before=0.7)
    make_model(kind="worth", active=True)
    return reverse("desk:assistant")


def flag() -> Flag:
    """One that is late, with words, a name, an answer, another merged into it, and one that says the same."""
    article = make_article(headline="Il ponte di Ada")
    late = make_flag(
        article,
        "Costerà dieci milioni",
        name="Ida Bruni",
        address="ida@lettori.example",
        assignee=User.objects.get(username="checker"),
    )
    FlagAnswer.objects.create(flag=late, words="Guardiamo.", by=User.objects.get(username="editor"), at=LATER)
    make_flag(article, state="merged", merged_into=late)
    make_flag(article, "Il ponte", due=now() + timedelta(days=2))
    make_template(name="Grazie")
    make_template(name="Corretto", use="outcome")
    return late


def reply(**given: Any) -> Reply:
    """One that waits, with a draft before it; another who has not answered, and one that was decided."""
    draft = make_review(make_appearance(), state="proposed")
    made = make_reply(make_invitation(claim=draft.claim, review=draft), **given)
    make_invitation(at=now(), expires_at=now() + timedelta(days=7))
    make_reply(state="accepted")
    return made


def opinion() -> Reply:
    draft = make_review(make_appearance(), state="proposed")
    return make_reply(make_invitation(claim=draft.claim, kind="opinion", review=draft), opinion="objects")


PAGES: dict[str, Callable[[], str]] = {
    "home": lambda: (revised(), reverse("desk:home"))[1],
    "preview": of("article"),
    "text": of("text"),
    "versions": of("revisions"),
    "what changed": of("changes", 1, 2),
    "return": of("revert", 1),
    "checks": queue("checks"),
    "orphans": queue("orphans"),
    "annotation": annotation,
    "review": review_page,
    "board": board,
    "a list of the board": lambda: (board(), f"{reverse('desk:reviews')}?list=proposed&who=checker")[1],
    "evidence item": lambda: reverse("desk:evidence-item", args=[in_doubt().code]),
    "tags": of("tags"),
    "map": lambda: reverse("desk:map", args=[Article.objects.earliest("pk").slug]),
    "relations": relations,
    "a relation to change": a_relation,
    "sentences": of("sentences"),
    "entities": lambda: (two_entities(), reverse("desk:entities"))[1],
    "perhaps the same": lambda: (two_entities(), reverse("desk:entities") + "?state=duplicates")[1],
    "entity": entity(),
    "merged entity": lambda: reverse("desk:entity", args=[two_entities()[0].merged.get().code]),
    "merge with whom": entity("entity-merge", 1),
    "merge preview": merging,
    "erase": erasing,
    "new article": lambda: reverse("desk:new-article"),
    "assistant": assistant,
    "triage": lambda: reverse("desk:triage"),
    "documents": lambda: (in_doubt(), reverse("desk:documents"))[1],
    "new document": lambda: reverse("desk:new-document"),
    "document": lambda: reverse("desk:document", args=[in_doubt().document.code]),
    "document to change": lambda: reverse("desk:document-change", args=[in_doubt().document.code]),
    "review in doubt": lambda: reverse("desk:claim", args=[in_doubt().claim.code]),
    "evidence to add": evidence_to_add,
    "export": lambda: reverse("desk:export"),
    "what would leave": lambda: f"{reverse('desk:export')}?format=brat&seen_by=desk",
    "imports": lambda: (make_import(), reverse("desk:imports"))[1],
    "a file to look at": lambda: reverse("desk:import", args=[make_import().code]),
    "a file that is stored": lambda: reverse("desk:import", args=[stored().code]),
    "a file that is being stored": lambda: reverse("desk:import", args=[stored(2).code]),
    "a file that was not read": lambda: reverse(
        "desk:import", args=[make_import(state="failed", message="Riga 1: non è JSON.", total=0).code]
    ),
    "flags": lambda: (flag(), reverse("desk:flags"))[1],
    "a letter to enter": lambda: reverse("desk:flag-add") + "?about=/articles/il-ponte/",
    "a letter that was entered": lambda: reverse(
        "desk:flag",
        args=[
            make_flag(
                kind="rectification",
                name="Ida Bruni",
                how="PEC, protocollo 12",
                entered_by=User.objects.get(username="checker"),
            ).code
        ],
    ),
    "a flag": lambda: reverse("desk:flag", args=[flag().code]),
    "a flag that was accepted": lambda: reverse(
        "desk:flag", args=[make_flag(quotation="Il ponte", state="accepted").code]
    ),
    "what is kept on a reader": lambda: reverse("desk:personal-data"),
    "a rectification to decide on": lambda: reverse(
        "desk:flag", args=[make_flag(kind="rectification", name="Ida Bruni").code]
    ),
    "a rectification that was published": lambda: reverse("desk:flag", args=[make_rectification().flag.code]),
    "replies": lambda: (reply(), reverse("desk:replies"))[1],
    "who has not answered": lambda: (reply(), f"{reverse('desk:replies')}?state=asked")[1],
    "a reply": lambda: reverse("desk:reply", args=[reply().code]),
    "a reply that was refused": lambda: reverse("desk:reply", args=[reply(state="refused").code]),
    "an opinion": lambda: reverse("desk:reply", args=[opinion().code]),
    "asking by a private link": lambda: reverse("desk:claim-ask", args=[reply().request.claim.code]),
    "withdrawn evidence": withdrawn_item,
    "original": lambda: reverse("desk:original", args=[make_original().code]),
    "second factor": lambda: reverse("mfa_index"),
}


def look_at_a_change(page: Page) -> None:
    page.locator(".ProseMirror[role=textbox] p").first.click()
    page.keyboard.press("Control+Home")
    page.keyboard.type("Ieri, 3 volte. ")
    page.locator("[name=look]").click()


def save_after_somebody_else(page: Page) -> None:
    article = Article.objects.get(slug="ponte")
    editor = User.objects.get(username="reporter")
    html = article.current_revision.html.replace("maggio", "giugno")
    articles.revise(article, html=html, kind="minor", note="Il mese.", by=editor, at=LATER, based_on=2)
    look_at_a_change(page)


def return_without_a_reason(page: Page) -> None:
    page.locator("[name=note]").evaluate("note => note.required = false")
    page.locator("[name=save]").click()


def move_to_words_that_stand_twice(page: Page) -> None:
    page.locator("[name=words]").first.fill("Il ponte")
    page.locator(".move-form button").first.click()


def relate_to_nothing(page: Page) -> None:
    page.get_by_label("Relazione", exact=True).select_option("supports")
    page.get_by_role("button", name="Legale").click()


def send_unchecked(page: Page, form: str) -> None:
    """Past the browser, which would ask for what is missing before the server can."""
    page.locator(form).evaluate("form => { form.noValidate = true; }")
    page.locator(f"{form} .button-main").click()


def propose_nothing(page: Page) -> None:
    send_unchecked(page, "#rating form")


def approve_without_confirming(page: Page) -> None:
    page.locator(".decision .button-main").click()


def add_no_evidence(page: Page) -> None:
    page.locator("#add-evidence").click()
    send_unchecked(page, "#evidence-form")


def add_a_known_document(page: Page) -> None:
    in_doubt()
    page.locator("[name=url]").fill("http://www.a.example/atto/")
    page.locator("[name=title]").fill("La delibera")
    page.locator(".button-main").click()


def change_after_somebody_else(page: Page) -> None:
    for item in Evidence.objects.filter(document__title="La delibera"):
        item.save()
    page.locator(".evidence-item .button-main").click()


def part_without_a_choice(page: Page) -> None:
    page.locator("#split-form [name=name]").fill("Un’altra")
    page.locator("#split-form button").click()


def erase_before_all_is_said(page: Page) -> None:
    page.locator("[name=words]").fill("Nerina Sottovoce")
    page.locator("[name=look]").click()
    page.locator("[name=erase]").click()


def take_out_nothing(page: Page) -> None:
    page.locator("[name=since]").fill("2024-05-02")
    page.locator("[name=until]").fill("2024-05-01")
    page.locator(".exchange-form button").click()


def bring_a_text_after_the_session_ended(page: Page) -> None:
    page.locator("[name=text]").fill("Il ponte sul Reno è chiuso da ieri.")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.locator(".way", has=page.locator("[name=text]")).locator("button").click()


def triage_a_text(page: Page) -> None:
    words = Claim.objects.first().text
    page.locator("[name=text]").fill(f"{words} Ieri il Comune ha speso 12 milioni. Che bello!")
    page.locator(".triage-form .button-main").click()


def triage_nothing(page: Page) -> None:
    send_unchecked(page, ".triage-form form")


def enter_no_letter(page: Page) -> None:
    send_unchecked(page, ".flag-form")


def accept_a_flag_with_no_words(page: Page) -> None:
    page.locator(".flag-deed summary").first.click()
    page.locator(".flag-deed form").first.evaluate("form => { form.noValidate = true; }")
    page.locator(".flag-deed .button-main").first.click()


def bring_nothing(page: Page) -> None:
    page.locator("[name=file]").evaluate("file => file.required = false")
    page.locator(".exchange-form .button-main").click()


IN_ERROR: dict[str, tuple[Callable[[], str], Callable[[Page], None]]] = {
    "a change that is looked at": (of("text"), look_at_a_change),
    "two people on one text": (of("text"), save_after_somebody_else),
    "a return without a reason": (of("revert", 1), return_without_a_reason),
    "a rating without anything": (review_page, propose_nothing),
    "an approval that is refused": (review_page, approve_without_confirming),
    "evidence without anything": (review_page, add_no_evidence),
    "words that stand twice, in the queue": (queue("orphans"), move_to_words_that_stand_twice),
    "a document of a known address": (lambda: reverse("desk:new-document"), add_a_known_document),
    "two people on one item of evidence": (PAGES["evidence item"], change_after_somebody_else),
    "an erasure without a reason": (erasing, erase_before_all_is_said),
    "a name that is parted from nothing": (entity(number=1), part_without_a_choice),
    "words that stand twice, beside the text": (annotation, move_to_words_that_stand_twice),
    "days that end before they begin": (PAGES["export"], take_out_nothing),
    "a session that ended": (PAGES["new article"], bring_a_text_after_the_session_ended),
    "no file": (PAGES["imports"], bring_nothing),
    "a flag that is accepted without a word": (PAGES["a flag"], accept_a_flag_with_no_words),
    "a letter without anything": (PAGES["a letter to enter"], enter_no_letter),
    "nothing to triage": (PAGES["triage"], triage_nothing),
    "a relation to nothing": (relations, relate_to_nothing),
}
