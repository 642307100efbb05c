"""NIF 2.0 (NLP Interchange Format): a text and its tags as RDF, in Turtle.

Each place is a resource of its own, named by the address of the article and the offsets in the manner of RFC
5147: `#char=b,e`, in code points of the canonical text. A name refers to what it means by ITS' `taIdentRef`;
what NIF has no words for, claims and who says what, has those of a namespace of our own, below the address of
the newsroom.
"""

from __future__ import annotations

from rdflib import RDF, XSD, Graph, Literal, Namespace, URIRef

from newsroom.text.annotated import ATTRIBUTION, CLAIM, CONTENT, AnnotatedText, Part, Tag

CONTENT_TYPE = "text/turtle; charset=utf-8"
NIF = Namespace("http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#")
ITSRDF = Namespace("http://www.w3.org/2005/11/its/rdf#")

#: Known of a tag, and by which property it is said here.
_SAID = {
    CLAIM: {"text": "claimText", "rating_label": "rating", "claimant": "claimant", "claim_kind": "claimKind"},
    ATTRIBUTION: {"name": "speaker", "quote_type": "quotationType"},
}


def turtle(text: AnnotatedText, *, vocabulary: str, quotes_only: bool = False) -> bytes:
    """The text as one `nif:Context`. With `quotes_only` it has no words but those that are tagged.

    `known["url"]` of the text is its absolute address; so are a tag's `entity_url`, `same_as`, `claim_url`.
    """
    own = Namespace(vocabulary)
    address = text.known["url"]
    graph = Graph()
    for prefix, space in (("nif", NIF), ("itsrdf", ITSRDF), ("ctl", own)):
        graph.bind(prefix, space)
    context = URIRef(f"{address}#char=0,{len(text.text)}")
    for kind in (NIF.Context, NIF.RFC5147String):
        graph.add((context, RDF.type, kind))
    graph.add((context, NIF.beginIndex, _number(0)))
    graph.add((context, NIF.endIndex, _number(len(text.text))))
    graph.add((context, NIF.sourceUrl, URIRef(address)))
    if not quotes_only:
        graph.add((context, NIF.isString, Literal(text.text)))
    if text.lang:
        graph.add((context, NIF.predLang, Literal(text.lang)))
    for tag in text.tags:
        for part in tag.parts:
            _add(graph, text, context, own, tag, part)
    return graph.serialize(format="turtle", encoding="utf-8")


def _add(graph: Graph, text: AnnotatedText, context: URIRef, own: Namespace, tag: Tag, part: Part) -> None:
    place = URIRef(f"{text.known['url']}#char={part.start},{part.end}")
    graph.add((place, RDF.type, NIF.RFC5147String))
    graph.add((place, NIF.referenceContext, context))
    graph.add((place, NIF.beginIndex, _number(part.start)))
    graph.add((place, NIF.endIndex, _number(part.end)))
    graph.add((place, NIF.anchorOf, Literal(text.text[part.start : part.end])))
    known = tag.known
    if tag.kind not in _SAID:
        for address in filter(None, (known.get("entity_url"), known.get("same_as"))):
            graph.add((place, ITSRDF.taIdentRef, URIRef(address)))
        return
    # Words may be tagged more than once: what is said of them is said of the tag.
    named = URIRef(f"urn:uuid:{tag.id}")
    graph.add((named, RDF.type, own.Claim if tag.kind == CLAIM else own.Attribution))
    graph.add((named, own[part.role if part.role != CONTENT else "words"], place))
    if address := known.get("claim_url"):
        graph.add((named, own.claim, URIRef(address)))
    for key, name in _SAID[tag.kind].items():
        if value := known.get(key):
            graph.add((named, own[name], Literal(value)))


def _number(value: int) -> Literal:
    return Literal(value, datatype=XSD.nonNegativeInteger)
