"""Forty searches with what they find, in order, on a corpus made for them: the same on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from newsroom.models import (
    Article,
    Claim,
    ClaimWording,
    ConfidentialSource,
    Document,
    Entity,
    EntityAlias,
    EntityIdentifier,
    Rights,
    Source,
)
from newsroom.models.search_entries import ENTRIES, ClaimEntry
from newsroom.models.searchable import COLUMNS, SearchEntry, Tokens
from newsroom.text.queries import Query, Term, parse
from tests.making import (
    LATER,
    THEN,
    make_appearance,
    make_article,
    make_claim,
    make_document,
    make_entity,
    make_evidence,
    make_source,
)

pytestmark = pytest.mark.django_db

Corpus = dict[str, models.Model]


@pytest.fixture
def corpus() -> Corpus:
    rows: Corpus = {
        "a-stretto": make_article(
            headline="Il ponte sullo Stretto aprirà nel 2032",
            standfirst="Il ministro: «I lavori costeranno 13,5 miliardi»",
            html="<p>L’azienda che lo fa ha 12.400 dipendenti.</p><p>Non è mai stato fatto nulla.</p>",
            date="2024-03-01",
        ),
        "a-acqua": make_article(
            headline="L’acqua di Roma è potabile?",
            standfirst="Le analisi dell’Istituto superiore di sanità",
            html="<p>Nel ponte di maggio le fontane sono state chiuse. Il sindaco: «nessun pericolo».</p>",
            date="2024-05",
        ),
        "a-models": make_article(
            headline="What the new language models can do",
            standfirst="Companies are testing GPT-4",
            html="<p>The bridge between research and industry is narrow, universities say.</p>",
            lang="en",
            date="2023-08-21",
        ),
        "a-undated": make_article(
            headline="Perché il ponte non basta", html="<p>Un commento.</p>", published_at=None
        ),
        "c-ponte": make_claim(text="Il ponte sullo Stretto costerà 13,5 miliardi di euro.", date="2024-03"),
        "c-costi": make_claim(text="I costi dei ponti italiani sono raddoppiati.", date="2022"),
        "c-aziende": make_claim(
            text="Le aziende dell’intelligenza artificiale non pagano le tasse in Italia.", date="2023-08-02"
        ),
        "c-italia": make_claim(text="L'Italia ha 60.000.000 di abitanti.", date=""),
        "c-openai": make_claim(
            text="OpenAI has never paid the newspapers whose articles it uses.", lang="en", date="2023-08-03"
        ),
        "c-covid": make_claim(
            text="I vaccini contro il COVID-19 non sono mai stati provati.", date="2021-05"
        ),
        "c-perche": make_claim(text="Nessuno sa perché il treno si è fermato.", date="2024-01-05"),
        "c-citta": make_claim(text="La città più cara d’Europa è Łódź.", date="2020"),
        "s-rossi": make_source(kind="person", name="Mario Rossi", description="Sindaco di Roma dal 2021."),
        "s-gazzetta": make_source(
            kind="publication", name="La Gazzetta rossa", description="Giornale di partito."
        ),
        "s-istat": make_source(kind="organisation", name="ISTAT", description="Istituto di statistica."),
        "e-rossi": make_entity(kind="person", name="Mario Rossi", description="Politico italiano."),
        "e-musk": make_entity(kind="person", name="Elon Musk", description="Imprenditore."),
        "e-oms": make_entity(
            kind="organisation",
            name="Organizzazione mondiale della sanità",
            description="Agenzia delle Nazioni Unite.",
        ),
        "e-roma": make_entity(kind="place", name="Roma", description="Capitale d’Italia."),
        "e-comune": make_entity(
            kind="organisation", name="Comune di Roma", description="Il governo della città."
        ),
        "e-ia": make_entity(kind="concept", name="Intelligenza artificiale", description=""),
        "e-mosca": make_entity(kind="place", name="Москва", description="Capitale della Russia."),
        "d-bilancio": make_document(
            title="Bilancio del Comune di Roma 2023", publisher="Comune di Roma", date="2023-12-31"
        ),
        "d-report": make_document(
            title="AI Index Report", publisher="Stanford University", lang="en", date="2024-04"
        ),
        "d-decreto": make_document(
            title="Decreto-legge 31 marzo 2023, n. 35", publisher="Gazzetta Ufficiale", date="2023-03-31"
        ),
    }
    ClaimWording.objects.create(
        claim=rows["c-ponte"], lang="en", text="The bridge over the Strait will cost 13.5 billion euros."
    )
    EntityAlias.objects.create(entity=rows["e-oms"], name="OMS")
    EntityAlias.objects.create(entity=rows["e-oms"], name="World Health Organization", lang="en")
    EntityAlias.objects.create(entity=rows["e-mosca"], name="Mosca")
    EntityIdentifier.objects.create(entity=rows["e-roma"], scheme="wikidata", value="Q220")
    make_evidence(
        rows["c-ponte"], document=rows["d-decreto"], quotation="Il collegamento stabile tra Scilla e Cariddi."
    )
    make_evidence(
        rows["c-openai"], document=rows["d-report"], quotation="Training costs have doubled every year."
    )
    return rows


KINDS = (Article, Claim, Source, Entity, Document)

#: What is typed; what it finds, kind after kind, each in the order of the search; why.
SEARCHES = [
    ("ponte", "a-stretto a-undated a-acqua c-ponte c-costi", "headlines before texts, then by date"),
    ("PONTI", "a-stretto a-undated a-acqua c-ponte c-costi", "plural and case make no difference"),
    ("bridge", "a-models c-ponte", "an Italian claim has an English wording"),
    ("bridges", "a-models c-ponte", "English plural"),
    ("ponte stretto", "a-stretto c-ponte", "all words must stand there"),
    ("ponte miliardi", "a-stretto c-ponte", "in whatever fields"),
    ("azienda", "a-stretto c-aziende", "behind an elision, and as a plural"),
    ("l'azienda", "a-stretto c-aziende", "the article is left out"),
    ("l’acqua", "a-acqua", "with the printer’s apostrophe"),
    ("dell'istituto", "a-acqua s-istat", "in a standfirst and in a description"),
    ("citta", "c-citta e-comune", "without its accent"),
    ("città", "c-citta e-comune", "with its accent"),
    ("perche", "a-undated c-perche", "another accent"),
    ("lodz", "c-citta", "a stroke and an accent"),
    ("Łódź", "c-citta", "the same, as it is written"),
    ('"mai stato fatto"', "a-stretto", "a phrase, little words included"),
    ('"fatto mai stato"', "", "in this order only"),
    ('"il ponte"', "a-stretto a-undated c-ponte", "a phrase is exact: «nel ponte», «ponti» are not it"),
    ('"aziende dell’intelligenza"', "c-aziende", "a phrase over an elision"),
    ('"Mario Rossi"', "s-rossi e-rossi", "a name"),
    ("rossi", "s-rossi s-gazzetta e-rossi", "a name, and a form of *rosso*"),
    ("rosso", "s-gazzetta", "a person’s name has no stem, so the adjective does not find him"),
    ("musk elon", "e-musk", "in any order"),
    ("ponte -stretto", "a-undated a-acqua c-costi", "excluded"),
    ("ponte -ponti", "", "excluded by its stem"),
    ('ponte -"mai stato fatto"', "a-undated a-acqua c-ponte c-costi", "an excluded phrase"),
    ("roma", "a-acqua s-rossi e-roma e-comune d-bilancio", "the shorter name first"),
    ("comune roma", "e-comune d-bilancio", "the capital is no municipality"),
    ("oms", "e-oms", "by an alias"),
    ("world organizations", "e-oms", "by an English alias, in the plural"),
    ("mosca", "e-mosca", "by the Italian name"),
    ("москва", "e-mosca", "by its own"),
    ("Q220", "e-roma", "by its number in a catalogue"),
    ("12.400", "a-stretto", "thousands"),
    ("12400", "a-stretto", "however they are written"),
    ("13.5 miliardi", "a-stretto c-ponte", "a decimal"),
    ("60,000,000", "c-italia", "millions"),
    ("covid19", "c-covid", "joined"),
    ("gpt-4", "a-models", "and parted"),
    ("2023", "d-bilancio d-decreto", "a year, the newest first"),
    ("cariddi", "d-decreto", "by the words that evidence quotes"),
    ("university", "a-models d-report", "a publisher, and a plural in a text"),
    ("the", "a-models c-ponte c-openai", "a word that says little is found if it is all there is"),
    ("nessuno treno", "c-perche", ""),
    ("inesistente", "", "what stands nowhere"),
]

#: While somebody types: the last word is a beginning.
TYPINGS = [
    ("pon", "a-stretto a-undated a-acqua c-ponte c-costi"),
    ("ponte str", "a-stretto c-ponte"),
    ("intelligenza artif", "c-aziende e-ia"),
    ("organizzaz", "e-oms"),
    ("mos", "e-mosca"),
    ("мос", "e-mosca"),
    ("covid-1", "c-covid"),
    ("gazz", "s-gazzetta d-decreto"),
    ('"mario rossi" sind', "s-rossi"),
    ("ponte -str", "a-stretto a-undated a-acqua c-ponte c-costi"),
]


def found(corpus: Corpus, typed: str, **how: bool) -> str:
    """The labels of what the corpus answers, kind after kind."""
    labels = {(type(row), row.pk): label for label, row in corpus.items()}
    return " ".join(
        labels[kind, row.pk]
        for kind in KINDS
        for row in kind.objects.filter(pk__in=[r.pk for r in corpus.values() if type(r) is kind]).search(
            typed, **how
        )
    )


def test_there_are_forty_searches() -> None:
    assert len({typed for typed, *_ in SEARCHES}) == len(SEARCHES) >= 40


def test_a_search_finds_what_it_should_in_its_order(corpus: Corpus) -> None:
    """In one test, for the corpus is made once: pytest shows every search that differs."""
    assert {typed: found(corpus, typed) for typed, *_ in SEARCHES} == {
        typed: expected for typed, expected, _why in SEARCHES
    }


def test_while_typing_the_last_word_finds_what_it_begins(corpus: Corpus) -> None:
    assert {typed: found(corpus, typed, as_you_type=True) for typed, _ in TYPINGS} == dict(TYPINGS)


@pytest.mark.parametrize(
    "typed", ["", "…", "-ponte", '"', "\0", "'; --", '" OR 1=1', ")(", "*", "a:b", "{x}"]
)
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_that_is_typed_is_an_error(typed: str, kind: type[models.Model]) -> None:
    assert len(kind.objects.search(typed, as_you_type=True)) >= 0


def test_many_words_are_no_error(corpus: Corpus) -> None:
    assert found(corpus, "ponte " * 10_000) == found(corpus, "ponte")
    assert found(corpus, " ".join(f"parola{n}" for n in range(1000))) == ""
    assert found(corpus, " ".join(f"-parola{n}" for n in range(30)) + " stretto") == "a-stretto c-ponte"
    assert found(corpus, "x" * 100_000) == ""


# A search is a QuerySet


def test_a_search_adds_no_visibility_of_its_own(corpus: Corpus) -> None:
    draft = corpus["c-ponte"]
    assert draft in Claim.objects.search("stretto")
    assert draft not in Claim.objects.public(at=LATER).search("stretto")
    make_appearance(claim=draft)
    assert draft in Claim.objects.public(at=LATER).search("stretto")


def test_it_composes_with_other_filters_before_and_after(corpus: Corpus) -> None:
    claims = Claim.objects.filter(pk__in=[corpus["c-ponte"].pk, corpus["c-costi"].pk])
    assert list(claims.search("ponte").filter(date="2022")) == [corpus["c-costi"]]
    assert list(claims.filter(date="2022").search("ponte")) == [corpus["c-costi"]]
    assert claims.search("ponte").exclude(date="2022").count() == 1
    assert list(claims.search("ponte")[1:2]) == [corpus["c-costi"]]
    assert list(claims.search("ponte").order_by("date")) == [corpus["c-costi"], corpus["c-ponte"]]
    assert claims.search("ponte").search("raddoppiati").get() == corpus["c-costi"]


def test_a_query_can_be_parsed_before(corpus: Corpus) -> None:
    assert list(Entity.objects.search(parse("oms"))) == list(Entity.objects.search("oms"))


def test_of_one_day_the_row_that_came_last_stands_first() -> None:
    rows = [make_claim(text="Parolarara.", date="2024") for _ in range(3)]
    assert list(Claim.objects.search("parolarara")) == rows[::-1]


def test_an_article_without_a_date_stands_at_the_day_of_its_publication() -> None:
    late = make_article(headline="Parolarara", published_at=LATER)
    early = make_article(headline="Parolarara", published_at=LATER - timedelta(days=3))
    dated = make_article(headline="Parolarara", date=f"{LATER.date() - timedelta(days=1)}")
    assert list(Article.objects.search("parolarara")) == [late, dated, early]


def test_a_phrase_does_not_run_from_a_name_into_an_alias(corpus: Corpus) -> None:
    assert found(corpus, '"sanità oms"') == found(corpus, '"oms world"') == ""


def test_a_phrase_stands_in_one_field(corpus: Corpus) -> None:
    assert found(corpus, '"2032 il"') == ""


def test_a_phrase_is_found_at_the_end_of_a_long_text() -> None:
    """Beyond what PostgreSQL counts as a position, and after more repetitions than it keeps."""
    long = make_article(html=f"<p>{'inizio parola ' * 20_000}della fine vera</p>")
    assert list(Article.objects.search('"della fine vera"')) == [long]
    assert not Article.objects.search('"fine parola"').exists()


# What is not everybody's


def test_what_is_confidential_is_found_by_nothing() -> None:
    source = make_source(name="Una persona informata")
    ConfidentialSource.objects.create(
        source=source,
        real_name="Zelinda Quaglia",
        contact="zelinda.example",
        note="amicacanarino",
        reason="pericolorara",
    )
    assert source in Source.objects.search("informata")
    for typed in ("zelinda", "quaglia", "zelinda.example", "amicacanarino", "pericolorara"):
        assert not any(kind.objects.search(typed).exists() for kind in KINDS), typed


def test_notes_of_the_desk_are_found_by_nothing() -> None:
    make_claim(note="segretissimo", check_reason="segretissimo")
    make_source(role_note="segretissimo", relations_note="segretissimo")
    make_entity(note="segretissimo")
    make_document(note="segretissimo", date_note="segretissimo")
    make_evidence(make_claim(), note="segretissimo")
    make_article(backstory="segretissimo", withdrawn_at=LATER, withdrawal_reason="segretissimo")
    assert not any(kind.objects.search("segretissimo").exists() for kind in KINDS)


@pytest.mark.parametrize(
    ("rights", "demo", "by_its_text"),
    [
        (Rights.OURS, False, True),
        (Rights.LICENSED, False, True),
        (Rights.DEMO, True, True),
        (Rights.DEMO, False, False),
        (Rights.QUOTATION, True, False),
    ],
)
def test_readers_find_by_its_text_what_is_shown_in_full(rights: str, demo: bool, by_its_text: bool) -> None:
    article = make_article(
        rights=rights, headline="Titolosolo", standfirst="Sommariosolo", html="<p>Testosolo, altrosolo.</p>"
    )

    def readers_find(typed: str) -> bool:
        return article in Article.objects.published(at=LATER).search_shown(typed, demo=demo)

    assert readers_find("titolosolo") and readers_find("sommariosolo titolosolo")
    for typed in (
        "testosolo",
        "titolosolo testosolo",
        '"testosolo altrosolo"',
        'titolosolo "testosolo altrosolo"',
    ):
        assert readers_find(typed) is by_its_text, typed
        assert article in Article.objects.search(typed)
    # What is left out of the answer would tell as much as what is in it.
    for typed in ("titolosolo -testosolo", 'titolosolo -"testosolo altrosolo"'):
        assert readers_find(typed) is not by_its_text, typed
        assert article not in Article.objects.search(typed)
    assert not readers_find("titolosolo -sommariosolo")


def test_readers_find_a_document_by_words_quoted_for_public_claims_alone() -> None:
    document = make_document(title="Relazionerara")
    public, draft = make_appearance().claim, make_claim()
    make_evidence(public, document=document, quotation="parolapubblica")

    def readers_find(typed: str) -> bool:
        return document in Document.objects.public(at=LATER).search_shown(typed, at=LATER)

    assert readers_find("relazionerara") and readers_find("parolapubblica")
    make_evidence(draft, document=document, quotation="parolasegreta")
    assert readers_find("relazionerara")
    assert not readers_find("parolasegreta")
    assert readers_find("relazionerara -parolasegreta")
    assert document in Document.objects.search("parolasegreta")


def test_a_document_is_public_as_evidence_for_a_public_claim() -> None:
    document, alone = make_document(), make_document()
    evidence = make_evidence(make_claim(), document=document)
    assert document not in Document.objects.public(at=LATER)
    make_appearance(claim=evidence.claim)
    assert document in Document.objects.public(at=LATER)
    assert document not in Document.objects.public(at=THEN - timedelta(days=1))
    assert alone not in Document.objects.public(at=LATER)
    Document.objects.filter(pk=document.pk).update(withdrawn_at=LATER, withdrawal_reason="Errore.")
    assert document not in Document.objects.public(at=LATER)


# How it is found


@pytest.mark.parametrize("entry", ENTRIES)
def test_the_index_of_the_database_is_used(entry: type[models.Model]) -> None:
    kind, table = entry._meta.get_field("row").related_model, entry._meta.db_table
    if connection.vendor == "postgresql":
        # Of a few rows it would rather look at all, or begin at the other table: that is no answer here.
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
        words = Tokens(parse("ponte aperto", as_you_type=True).needed)
        plan = entry._base_manager.filter(place__has=words).explain()
        assert f"Bitmap Index Scan on {table}_everything" in plan
        return
    plan = kind.objects.search("ponte aperto", as_you_type=True)[:20].explain()
    assert f"SCAN {table}_index VIRTUAL TABLE INDEX" in plan
    assert f"SEARCH {table} USING INTEGER PRIMARY KEY" in plan
    # Claims, of which there are most, are read in their order: the first page of many needs no sorting.
    assert ("ORDER BY" in plan) is (kind is not Claim)


@pytest.mark.parametrize("entry", ENTRIES)
def test_an_entry_has_as_many_columns_as_it_has_weights(corpus: Corpus, entry: type[SearchEntry]) -> None:
    for column in COLUMNS[: entry.weights]:
        assert entry.objects.exclude(**{column: ""}).exists()
    for column in COLUMNS[entry.weights :]:
        assert not entry.objects.exclude(**{column: ""}).exists()


def test_the_first_keys_are_those_of_the_whole_search(corpus: Corpus) -> None:
    """Read weight by weight or sorted at once: the same rows in the same order."""
    for kind in KINDS:
        for typed in [typed for typed, *_ in SEARCHES] + ["il", "la", '"di roma"', "roma -comune"]:
            whole = kind.objects.search(typed)
            keys = list(whole.values_list("pk", flat=True))
            assert whole.first_keys(1000) == keys, (kind, typed)
            assert whole.first_keys(2) == keys[:2], (kind, typed)
    found = Article.objects.published(at=LATER).search_shown("ponte -stretto", demo=False)
    assert found.first_keys(10) == [corpus["a-acqua"].pk]


def test_what_a_search_found_can_be_filtered_before_its_first_keys_are_read(corpus: Corpus) -> None:
    keys = Entity.objects.search("roma").filter(kind="place").first_keys(10)
    assert keys == [corpus["e-roma"].pk]
    assert Entity.objects.search("…").first_keys(10) == []


def test_the_first_that_have_a_word_are_handed_out_without_the_others() -> None:
    for number in range(12):
        also = "comune " if number % 3 else ""
        make_claim(text=f"Parolarara {also}qui.", date=f"2020-01-{number + 1:02}")
    terms = [Term(("parolarara",)), Term(("mancante",)), Term(("qui",))]
    with CaptureQueriesContext(connection) as queries:
        found = ClaimEntry.first_with_each(terms, 5)
    [asked] = [query["sql"] for query in queries.captured_queries]
    assert connection.vendor != "sqlite" or asked.count("ORDER BY rowid LIMIT 5") == len(terms)
    assert found == [Claim.objects.search(Query(terms=(term,))).first_keys(5) for term in terms]
    assert [len(keys) for keys in found] == [5, 0, 5]
    assert ClaimEntry.first_with_each([], 5) == []
