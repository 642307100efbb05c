"""Every kind of public page, each with what it takes to be there, for the checks that walk them all.

`PAGES[name]()` makes the rows that the seed has not, and returns the address.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse
from django.utils.timezone import now

from newsroom.actions import articles, pages, reviews
from newsroom.models import (
    Annotation,
    Article,
    Capability,
    Claim,
    Entity,
    Flag,
    FlagAnswer,
    Follow,
    Page,
    Review,
    Rights,
    Source,
    User,
)
from tests.making import (
    HTML,
    LATER,
    level,
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
    make_follow,
    make_imprint,
    make_invitation,
    make_mention,
    make_met_entity,
    make_met_source,
    make_page,
    make_rectification,
    make_relation,
    make_reply,
    make_review,
    make_source,
    make_user,
)

#: One of each block that a text may have; emoji, combining marks and two directions; links inside claims.
TORTURE = (
    "<h2>Il ponte 🌉 di E\u0301tienne</h2>"
    "<p>La famiglia 👨‍👩‍👧‍👦 ha speso 12.400 €, dice <em>la relazione <strong>finale</strong></em> "
    'dell’<a href="https://example.org/atto">atto del 2019</a>, e Ha\u0302n Nguye\u0302\u0303n ne '
    "prende x\u0304.</p>"
    "<p>Ha risposto مكتب الإعلام في البلدية, poi אדריכל: CO<sub>2</sub>, m<sup>2</sup> & m &lt; n."
    "<br>Dopo l’a capo.</p>"
    "<blockquote><p>Non è mai stato fatto nulla.</p><p>Né prima né dopo.</p></blockquote>"
    "<ul><li>Uno<ul><li>Dentro l’uno</li></ul></li><li>Due</li></ul><ol><li>Primo</li></ol>"
    "<pre>x = 1\n  y = 2</pre>"
    '<figure><img src="/static/icon.svg" alt="Il segno"><figcaption>Il segno in testa</figcaption></figure>'
    '<table><tbody><tr><th scope="col">Anno</th><th scope="col">Spesa</th></tr>'
    "<tr><td>2019</td><td>12.400 €</td></tr></tbody></table>"
)
#: First and last words of claims that nest, cross, touch and run over blocks.
TORTURE_CLAIMS = (
    ("La famiglia", "prende"),
    ("ha speso", "atto del 2019"),
    ("12.400 €", "Nguy"),
    ("dice la", "finale"),
    ("prende", "البلدية"),
    ("البلدية", "אדריכל"),
    ("CO2", "Dopo"),
    ("Non è mai", "Né prima"),
    ("Uno", "Due"),
    ("x = 1", "Il segno"),
    ("Spesa", "2019\n12"),
)


def seed_article() -> Article:
    return Article.objects.earliest("pk")


def claim() -> str:
    return Claim.objects.alias(n=Count("evidence")).latest("n").get_absolute_url()


def source() -> str:
    return Source.objects.public().alias(n=Count("attributions")).latest("n").get_absolute_url()


def entity() -> str:
    return Entity.objects.public().alias(n=Count("mentions")).latest("n").get_absolute_url()


def torture() -> str:
    found = make_article(html=TORTURE, headline="Il ponte 🌉", standfirst="Sommario.", byline="Ada Neri")
    text = found.current_revision.text
    for first, last in TORTURE_CLAIMS:
        start = text.index(first)
        make_review(make_appearance(found, text[start : text.index(last, start) + len(last)]))
    make_attribution(found, ["12.400 €", ("cue", "dice"), ("source", "la relazione finale")])
    make_mention(found, "👨‍👩‍👧‍👦")
    make_mention(found, "مكتب الإعلام في البلدية")
    make_mention(found, "atto del 2019")
    return found.get_absolute_url()


def excerpts() -> str:
    """An article that is not ours to show whole: one claim reviewed, one gone stale, one not checked yet."""
    found = make_article(rights=Rights.QUOTATION, original_url="https://example.org/ponte", byline="Ada Neri")
    make_review(make_appearance(found))
    make_review(make_appearance(found, "Costerà dieci milioni"), state=Review.State.STALE)
    make_appearance(found, "le prove sono finite")
    return found.get_absolute_url()


def stale_claim() -> str:
    appearance = make_appearance()
    make_evidence(appearance.claim, quotation="Aprirà a giugno.", stance="refutes", checked="known")
    make_review(appearance, state=Review.State.STALE)
    return appearance.claim.get_absolute_url()


def few_relations() -> str:
    """Every kind of relation, a stale rating, a claim of another article, and one without any."""
    found, elsewhere = make_article(), make_article()
    ponte, costo, lavori, _vecchio = (
        make_appearance(found, words).claim
        for words in (
            "Il ponte sarà aperto",
            "Costerà dieci milioni",
            "le prove sono finite",
            "Il ponte vecchio",
        )
    )
    make_review(ponte.appearances.get(), state=Review.State.STALE)
    kinds = ("supports", "contradicts", "repeats", "updates", "part_of")
    for kind in kinds:
        make_relation(lavori, ponte, kind=kind)
        make_relation(make_appearance(elsewhere).claim, costo, kind=kind)
    return reverse("reader:map", args=[found.slug])


def claim_in_doubt() -> str:
    """Its document drifted, and a copy of it is kept."""
    appearance = make_appearance()
    item = make_evidence(appearance.claim, quotation="Il ponte è aperto.")
    make_copy(item.document)
    make_check(item.document, finding="drifted")
    make_review(appearance, state=Review.State.STALE, stale_cause=Review.StaleCause.DOCUMENT)
    return appearance.claim.get_absolute_url()


def superseded_claim() -> Claim:
    """A claim with three versions: superseded, withdrawn, current; explained in Markdown."""
    claim = make_appearance().claim
    make_evidence(claim, quotation="Aprirà a giugno.", stance="refutes", checked="whole", checked_at=LATER)
    explanation = (
        "### Gli atti\n\nLo dice **l’atto** del [Comune](https://example.org/atto):\n\n- uno\n- due\n"
    )
    first = make_review(claim=claim, state=Review.State.SUPERSEDED, explanation=explanation)
    second = make_review(
        claim=claim,
        state=Review.State.WITHDRAWN,
        withdrawal_reason="Si fondava su un documento falso.",
        supersedes=first,
    )
    make_review(claim=claim, supersedes=second, explanation=explanation, level=level("true"))
    return claim


def withdrawn_claim() -> Claim:
    return make_appearance(claim=make_claim(withdrawn_at=LATER, withdrawal_reason="Contata due volte.")).claim


def embedded(claim_address: str, version: int = 0) -> str:
    return f"/embed{claim_address}?v={version}"


def passage(annotation: Annotation) -> str:
    return reverse("reader:embed-passage", args=[f"x-{annotation.code}"])


def version(claim: Claim, number: int) -> str:
    return claim.reviews.versions()[number - 1].get_absolute_url()


def claim_everywhere() -> str:
    """A claim that stands in more places than one page shows."""
    claim = make_review(make_appearance()).claim
    for _ in range(21):
        make_appearance(make_article(), claim=claim)
    return f"{claim.get_absolute_url()}?page=2"


def documented_source() -> str:
    found = make_source(name="Il Comune", kind="organisation", description="Chi amministra la città.")
    article = make_article()
    make_attribution(
        article, source=found, claim=make_appearance(article, claim=make_claim(claimant=found)).claim
    )
    make_evidence(
        Claim.objects.get(claimant=found), document=make_document(publisher=found.name, date="2024")
    )
    return found.get_absolute_url()


def many_claims() -> str:
    """Enough claims for three pages, in some of which a person is named; the second page."""
    article, person = make_article(), make_entity(name="Étienne Ça")
    for number in range(70):
        make_appearance(article, claim=make_claim(date="" if number % 5 else f"202{number % 10}"))
    make_mention(article, "Il ponte", entity=person)
    first = Claim.objects.newest_first()[29]
    return f"{reverse('reader:claims')}?after={first.code}"


def named_claims() -> str:
    many_claims()
    return f"{reverse('reader:claims')}?entity={Entity.objects.get(name='Étienne Ça').code}"


def corrected() -> Article:
    """An article of four texts: three corrections, one of which took words that were rated, two of which
    changed some."""
    found = make_article(standfirst="Sommario.", byline="Ada Neri")
    make_review(make_appearance(found, "Costerà dieci milioni"))
    make_review(make_appearance(found, "Secondo i tecnici le prove sono finite"))
    make_review(make_appearance(found, "Il ponte sarà aperto"))
    editor = User.objects.get(username="editor")
    texts = [HTML.replace("dieci", "dodici")]
    texts.append(texts[-1].replace("aperto a maggio", "chiuso a giugno"))
    texts.append(texts[-1].replace("Secondo i tecnici le prove sono finite. ", ""))
    for number, html in enumerate(texts, start=1):
        note = f"Era sbagliato: {number}."
        articles.revise(found, html=html, kind="correction", note=note, by=editor, at=LATER, based_on=number)
    found.refresh_from_db()
    return found


def withdrawn_article() -> str:
    found = make_article(withdrawn_at=LATER, withdrawal_reason="Pubblicato per errore.")
    return found.get_absolute_url()


def doubted_claim() -> str:
    review = make_review(make_appearance(), explanation="Lo dice la delibera.")
    editor = User.objects.get(username="editor")
    reviews.mark_stale(review, reason="È uscita una nuova delibera.", by=editor, at=LATER)
    return review.claim.get_absolute_url()


def article_being_checked() -> Article:
    article = make_article()
    make_assignment(claim=make_appearance(article, "Il ponte sarà aperto a maggio").claim)
    make_review(make_appearance(article, "dieci milioni"))
    return article


def claim_being_checked() -> str:
    standing = Claim.objects.filter(appearances__annotation__article=article_being_checked())
    return standing.get(reviews=None).get_absolute_url()


def superseding_review() -> Review:
    earlier = make_review(make_appearance(), explanation="Lo diceva la delibera.")
    checker, editor = (User.objects.get(username=name) for name in ("checker", "editor"))
    later = reviews.propose(
        earlier.claim,
        level=level("true"),
        appearance=earlier.appearance,
        summary="Ora lo dice la delibera.",
        explanation="La delibera di maggio.",
        no_evidence_reason="Non è in rete.",
        by=checker,
        at=LATER,
    )
    return reviews.publish(later, by=editor, at=LATER)


def withdrawn_review() -> str:
    review = make_review(make_appearance())
    reviews.withdraw(review, reason="Era un errore.", by=User.objects.get(username="editor"), at=LATER)
    return review.get_absolute_url()


def checked_text() -> str:
    """A text of more sentences than are looked for: some say what was rated, one with other figures."""
    for text, state in (
        ("Il ponte nuovo costerà 12 milioni di euro.", Review.State.PUBLISHED),
        ("Le prove di carico sul ponte non sono finite.", Review.State.STALE),
    ):
        make_review(make_appearance(claim=make_claim(text=text)), state=state)
    text = "Il ponte nuovo costerà 13 milioni di euro. Le prove di carico sul ponte sono finite. Chissà. "
    return f"{reverse('reader:checked')}?{urlencode({'q': text + 'E poi chi lo sa. ' * 5})}"


def followed(flag: Flag) -> str:
    """The private page of a flag."""
    purpose = Capability.Purpose.FOLLOW
    secret = Capability.grant(purpose, at=now(), lasts=timedelta(days=9), flag=flag)
    return reverse("reader:flag", args=[secret])


def confirming(flag: Flag) -> str:
    purpose = Capability.Purpose.CONFIRM
    secret = Capability.grant(purpose, at=now(), lasts=timedelta(days=9), flag=flag)
    return reverse("reader:flag-confirm", args=[secret])


def rectified() -> Article:
    """An article that was corrected, flagged and rectified twice, once by what was withdrawn since."""
    article = corrected()
    make_flag(article, state="accepted")
    make_rectification(article, words="Non ho mai detto così.\n\nHo detto un’altra cosa.")
    make_rectification(article, withdrawn_at=LATER, withdrawal_reason="L’aveva scritta qualcun altro.")
    return article


def rectified_claim() -> str:
    """Of a claim, of its source and of a name as well: the page of the claim."""
    found = make_appearance(claim=make_claim(claimant=make_source())).claim
    make_flag(claim=found, state="accepted")
    make_rectification(claim=found)
    return found.get_absolute_url()


def secret_of(follow: Follow, purpose: str = "manage") -> str:
    """Of a private address of who follows something."""
    to = {"follow": follow} if purpose == "subscribe" else {"subscriber": follow.subscriber}
    return Capability.grant(purpose, at=now(), lasts=timedelta(days=9), **to)


def following_many() -> str:
    """One thing of each kind, one that is not public any more, and one that waits."""
    reader = make_follow(make_article(headline="Il ponte riapre")).subscriber
    for thing in (
        make_appearance().claim,
        make_met_source(),
        make_met_entity(),
        make_entity(privacy="minor"),
    ):
        make_follow(thing, address=reader.address)
    make_follow(make_article(), address=reader.address, confirmed_at=None)
    return reverse("reader:following-own", args=[secret_of(reader.follows.earliest("pk"))])


def rejected_flag() -> str:
    flag = make_flag(state="rejected", confirmed_at=LATER, address="ida@lettori.example")
    FlagAnswer.objects.create(flag=flag, words="Il numero è giusto.", by=make_user(), at=LATER)
    return followed(flag)


def accused() -> str:
    """A rating of a claim that accuses: nobody was asked, and a rule was passed over; and what came since."""
    review = make_review(
        make_appearance(make_article()),
        accuses=True,
        overridden=["confirmations"],
        override_reason="Lo decide la direzione.",
        no_request_reason="Non si trova.",
    )
    make_evidence(review.claim)
    editor = User.objects.get(username="editor")
    reviews.mark_stale(review, reason="È uscita una nuova delibera.", by=editor, at=LATER)
    return review.get_absolute_url()


def unwritten_notice() -> str:
    Page.objects.filter(slug="privacy").update(slug="altrove")
    return reverse("reader:page", args=["privacy"])


def revised_page() -> Page:
    """A page of the newsroom with two versions, and Markdown in them."""
    page = make_page(
        title="Chi siamo", text="## Chi decide\n\nUna persona.\n\n- uno\n- due\n", note="La prima."
    )
    said = {
        "title": "Chi siamo",
        "text": "## Chi decide\n\n### Sempre\n\n**Due** persone.",
        "note": "Sono due.",
    }
    pages.revise(page, based_on=1, by=User.objects.get(username="editor"), at=LATER, **said)
    return page


def inviting(claim: Claim | None = None, **given: Any) -> str:
    """The page of somebody who is asked by a private link, which is open."""
    claim = claim or Claim.objects.public(at=now()).latest("pk")
    at = now()
    invitation = make_invitation(claim=claim, at=at, expires_at=at + timedelta(days=7), **given)
    secret = Capability.grant("reply", at=at, lasts=timedelta(days=7), invitation=invitation)
    return reverse("reader:reply", args=[secret])


def asked_again() -> str:
    """In a second round: another rating, in other words, than the one that readers know."""
    public = make_review(make_appearance(), explanation="Si è guardato il *collaudo*.")
    draft = make_review(
        claim=public.claim,
        level=level("true"),
        state="proposed",
        summary="Risulta da un atto del 3 maggio.",
        explanation="Si è guardato il *collaudo*, e l’ordinanza.",
    )
    return inviting(public.claim, review=draft)


def asked_as_an_expert() -> str:
    draft = make_review(make_appearance(), state="proposed")
    return inviting(draft.claim, kind="opinion", review=draft)


def replied(**given: Any) -> str:
    """The private page of what came of a reply."""
    reply = make_reply(**given)
    at = now()
    invitation = reply.request.invitation
    secret = Capability.grant("replied", at=at, lasts=timedelta(days=9), invitation=invitation)
    return reverse("reader:reply", args=[secret])


def closed_link() -> str:
    invitation = make_reply().request.invitation
    secret = Capability.grant("reply", at=now(), lasts=timedelta(days=9), invitation=invitation)
    return reverse("reader:reply", args=[secret])


def claim_with_replies() -> Claim:
    """A rated claim with two replies: one signed, and one of an expert."""
    review = make_review(make_appearance())
    make_reply(claim=review.claim, state="accepted", words="Il ponte è agibile.\n\nLo dice il collaudo.")
    opinion = make_invitation(claim=review.claim, kind="opinion", review=review)
    make_reply(opinion, opinion="objects", state="accepted", words="Manca la prova di carico.")
    return review.claim


def article_with_replies() -> Article:
    return Article.objects.get(annotations__appearance__claim=claim_with_replies())


PAGES: dict[str, Callable[[], str]] = {
    "front": lambda: reverse("reader:front"),
    "article": lambda: seed_article().get_absolute_url(),
    "all layers": lambda: (
        f"{seed_article().get_absolute_url()}?layer=claims&layer=attributions&layer=entities"
    ),
    "linear reading": lambda: f"{seed_article().get_absolute_url()}?layer=linear",
    "clean text": lambda: f"{seed_article().get_absolute_url()}?layer=none",
    "filtered article": lambda: f"{seed_article().get_absolute_url()}?rating=false",
    "torture article": lambda: f"{torture()}?layer=claims&layer=attributions&layer=entities",
    "excerpts": excerpts,
    "corrected article": lambda: corrected().get_absolute_url(),
    "rectified article": lambda: rectified().get_absolute_url(),
    "rectified claim": rectified_claim,
    "embedded rectified claim": lambda: embedded(rectified_claim()),
    "map of a rectified article": lambda: reverse("reader:map", args=[rectified().slug]),
    "corrections and rectifications": lambda: reverse("reader:corrections") if rectified() else "",
    "history of a rectified article": lambda: reverse("reader:history", args=[rectified().slug]),
    "history": lambda: reverse("reader:history", args=[corrected().slug]),
    "what changed": lambda: reverse("reader:changes", args=[corrected().slug, 1, 4]),
    "as it read then": lambda: reverse("reader:revision", args=[corrected().slug, 2]),
    "map": lambda: reverse("reader:map", args=[seed_article().slug]),
    "map of few": few_relations,
    "map without relations": lambda: reverse("reader:map", args=[corrected().slug]),
    "claim": claim,
    "stale claim": stale_claim,
    "claim in doubt": claim_in_doubt,
    "claim that needs a new look": doubted_claim,
    "claim being checked": claim_being_checked,
    "article with a claim being checked": lambda: article_being_checked().get_absolute_url(),
    "review": lambda: superseding_review().get_absolute_url(),
    "superseded review": lambda: superseding_review().supersedes.get_absolute_url(),
    "withdrawn review": withdrawn_review,
    "review of a claim that accuses": accused,
    "explained claim": lambda: superseded_claim().get_absolute_url(),
    "version of a claim": lambda: version(superseded_claim(), 1),
    "current version of a claim": lambda: version(superseded_claim(), 3),
    "withdrawn version of a claim": lambda: version(superseded_claim(), 2),
    "claim in many places": claim_everywhere,
    "embedded claim": lambda: embedded(claim()),
    "embedded claim that was rated anew": lambda: embedded(superseded_claim().get_absolute_url(), 1),
    "embedded claim whose rating was withdrawn": lambda: embedded(superseded_claim().get_absolute_url(), 2),
    "embedded stale claim": lambda: embedded(stale_claim(), 1),
    "embedded claim of an attribution": lambda: embedded(
        make_review(make_appearance(), judges="attribution").claim.get_absolute_url()
    ),
    "embedded passage": lambda: passage(Annotation.objects.filter(kind="claim").earliest("pk")),
    "embedded and withdrawn": lambda: embedded(withdrawn_claim().get_absolute_url()),
    "embedded and not there": lambda: "/embed/claims/x-zzzzzzzzzz/",
    "claims": lambda: reverse("reader:claims"),
    "claims, a page further": many_claims,
    "claims that name somebody": named_claims,
    "claims of a source": lambda: (
        f"{reverse('reader:claims')}?source={Source.objects.public().alias(n=Count('claims')).latest('n').code}"
    ),
    "claims, filtered": lambda: (
        f"{reverse('reader:claims')}?rating=false&kind=fact&lang=it&since=2023-01-01&article={seed_article().slug}"
    ),
    "claims, by words": lambda: f"{reverse('reader:claims')}?q=microsoft",
    "claims, none": lambda: f"{reverse('reader:claims')}?until=1900-01-01",
    "sources": lambda: reverse("reader:sources"),
    "documented source": documented_source,
    "entities": lambda: reverse("reader:entities"),
    "entities, filtered": lambda: (
        f"{reverse('reader:entities')}?letter=m&kind=organisation&article={seed_article().slug}"
    ),
    "corrections": lambda: reverse("reader:corrections") if corrected() else "",
    "corrections, none": lambda: reverse("reader:corrections"),
    "source": source,
    "entity": entity,
    "imprint": lambda: (
        reverse("reader:imprint") if make_imprint(roc="12345", more="Esce *ogni* giorno.") else ""
    ),
    "imprint, not written": lambda: reverse("reader:imprint"),
    "method": lambda: reverse("reader:method"),
    "page of the newsroom": lambda: revised_page().get_absolute_url(),
    "privacy notice": lambda: reverse("reader:page", args=["privacy"]),
    "privacy notice, not written": unwritten_notice,
    "versions of a page": lambda: reverse("reader:page-versions", args=[revised_page().slug]),
    "earlier version of a page": lambda: reverse("reader:page-version", args=[revised_page().slug, 1]),
    "search": lambda: f"{reverse('reader:search')}?q=microsoft",
    "search in claims": lambda: f"{reverse('reader:search')}?q=microsoft+-azure&kind=claims&page=2",
    "search without words": lambda: reverse("reader:search"),
    "search for nothing": lambda: f"{reverse('reader:search')}?q=%22%E2%80%A6+-inesistente",
    "checked": lambda: reverse("reader:checked"),
    "checked, a sentence": lambda: f"{reverse('reader:checked')}?q=Microsoft+non+ha+cambiato+strategia",
    "checked, a text": checked_text,
    "checked, nothing": lambda: f"{reverse('reader:checked')}?q=balene+azzurre+che+cantano",
    "checked, too long": lambda: f"{reverse('reader:checked')}?q={'parola+' * 200}",
    "flagging an article": lambda: reverse("reader:flag-article", args=[seed_article().slug]),
    "flagging words": lambda: f"{reverse('reader:flag-article', args=[seed_article().slug])}?start=0&end=40",
    "flagging a claim": lambda: f"{claim()}flag/",
    "a flag that waits": lambda: followed(make_flag(quotation="Il ponte", address="ida@lettori.example")),
    "a flag that was accepted": lambda: followed(make_flag(quotation="Il ponte", state="accepted")),
    "a flag that was rejected": rejected_flag,
    "a flag to delete": lambda: f"{followed(make_flag(quotation='Il ponte'))}delete/",
    "a flag that was published": lambda: followed(make_rectification(seed_article()).flag),
    "an address to confirm": lambda: confirming(make_flag(address="ida@lettori.example")),
    "an address, too late": lambda: reverse("reader:flag-confirm", args=["nothing"]),
    "following an article": lambda: reverse("reader:follow-article", args=[seed_article().slug]),
    "following a claim": lambda: f"{claim()}follow/",
    "following, the address": lambda: reverse("reader:following"),
    "following, to confirm": lambda: reverse(
        "reader:following-confirm", args=[secret_of(make_follow(confirmed_at=None), "subscribe")]
    ),
    "following, too late": lambda: reverse("reader:following-confirm", args=["nothing"]),
    "following, its own page": following_many,
    "following, to end it": lambda: reverse("reader:following-off", args=[secret_of(make_follow(), "off")]),
    "a link to reply": inviting,
    "a link to reply, again": asked_again,
    "a link to reply, for an expert": asked_as_an_expert,
    "a link to reply that was used": closed_link,
    "a link to reply, what came of it": lambda: replied(state="refused"),
    "a link to reply, accepted": lambda: replied(state="accepted"),
    "claim with replies": lambda: claim_with_replies().get_absolute_url(),
    "review with replies": lambda: claim_with_replies().reviews.get().get_absolute_url(),
    "article with replies": lambda: article_with_replies().get_absolute_url(),
    "linear reading with replies": lambda: f"{article_with_replies().get_absolute_url()}?layer=linear",
    "not found": lambda: "/articles/non-esiste/",
    "withdrawn": withdrawn_article,
}
