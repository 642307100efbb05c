"""The forms of a verb that a report uses: third persons, participle, gerund, infinitive.

A stemmer would find more and know less: whether «nota» is a verb is told by its neighbours, but whether
«stimato» needs an auxiliary is told by its ending. So the forms are made from the infinitive by the rules
of the grammar, with the exceptions named; a verb that an editor adds is made by the same rules.

Forms are marked: ``s`` and ``p`` finite, singular and plural; ``j`` subjunctive; ``n`` past participle;
``g`` gerund; ``b`` infinitive. In English ``d`` is the past, which is the participle too for most verbs,
and ``b`` the plural as well.
"""

from __future__ import annotations

#: Italian, where the rules are not enough: past and participle; and for the few verbs that change more:
#: present (singular, plural), imperfect, future, present and past subjunctive, all of the third person, and
#: gerund.
_IRREGULAR = {
    "aggiungere": "aggiunse aggiunto",
    "chiedere": "chiese chiesto",
    "concludere": "concluse concluso",
    "credere": "credette creduto",
    "dare": "diede dato dà danno dava darà dia desse dando",
    "difendere": "difese difeso",
    "dire": "disse detto dice dicono diceva dirà dica dicesse dicendo",
    "emergere": "emerse emerso",
    "escludere": "escluse escluso",
    "esprimere": "espresse espresso",
    "fare": "fece fatto fa fanno faceva farà faccia facesse facendo",
    "insistere": "insistette insistito",
    "leggere": "lesse letto",
    "mettere": "mise messo",
    "muovere": "mosse mosso",
    "porre": "pose posto pone pongono poneva porrà ponga ponesse ponendo",
    "predire": "predisse predetto predice predicono prediceva predirà predica predicesse predicendo",
    "prevedere": "previde previsto",
    "rendere": "rese reso",
    "respingere": "respinse respinto",
    "riconoscere": "riconobbe riconosciuto",
    "ridere": "rise riso",
    "riprendere": "riprese ripreso",
    "rispondere": "rispose risposto",
    "rivolgere": "rivolse rivolto",
    "scrivere": "scrisse scritto",
    "tenere": "tenne tenuto tiene tengono teneva terrà tenga tenesse tenendo",
    "vedere": "vide visto vede vedono vedeva vedrà veda vedesse vedendo",
}
#: Irregular verbs whose compounds change as they do: sostenere, proporre, permettere.
_COMPOUNDED = ("fare", "mettere", "porre", "scrivere", "tenere", "vedere")
#: Verbs in -ire that do without -isc-.
_WITHOUT_ISC = frozenset("avvertire sentire consentire".split())

_ENGLISH = {
    "be": "is was been being",
    "forbid": "forbids forbade forbidden forbidding",
    "find": "finds found found finding",
    "foresee": "foresees foresaw foreseen foreseeing",
    "go": "goes went gone going",
    "have": "has had had having",
    "hear": "hears heard heard hearing",
    "hit": "hits hit hit hitting",
    "hold": "holds held held holding",
    "make": "makes made made making",
    "put": "puts put put putting",
    "read": "reads read read reading",
    "say": "says said said saying",
    "show": "shows showed shown showing",
    "swear": "swears swore sworn swearing",
    "tell": "tells told told telling",
    "think": "thinks thought thought thinking",
    "understand": "understands understood understood understanding",
    "write": "writes wrote written writing",
}
_DOUBLED = frozenset("admit blog chat commit jab pin quip rebut refer scrap slam spin".split())


def italian(verb: str) -> dict[str, str]:
    """Form → mark, of an Italian verb in its infinitive; nothing for a word that is no infinitive."""
    base = verb if verb in _IRREGULAR else next((base for base in _COMPOUNDED if verb.endswith(base)), "")
    irregular = [verb[: -len(base)] + form for form in _IRREGULAR[base].split()] if base else []
    stem, ending = verb[:-3], verb[-3:]
    if len(irregular) > 2:
        return _of_parts(verb, *irregular)
    if ending == "are" and len(stem) > 1:
        return _first(verb, stem)
    if ending == "ere" and len(stem) > 1:
        past, participle = irregular or (stem + "é", stem + "uto")
        forms = _of_parts(
            verb,
            past,
            participle,
            stem + "e",
            stem + "ono",
            stem + "eva",
            stem + "erà",
            stem + "a",
            stem + "esse",
            stem + "endo",
        )
        if past.endswith("ette") or not irregular:
            forms |= {stem + "ette": "s", stem + "ettero": "p", stem + "é": "s", stem + "erono": "p"}
        return forms
    if ending == "ire" and len(stem) > 1:
        present = stem if verb in _WITHOUT_ISC else stem + "isc"
        return _third(verb, stem, present + "e", present + "ono", present + "a")
    return {}


def _first(verb: str, stem: str) -> dict[str, str]:
    """Verbs in -are. The spelling keeps the sound: replicherà, annuncerà, annunci."""
    before_e, before_i = stem, stem
    if stem.endswith(("c", "g")):
        before_e = before_i = stem + "h"
    elif stem.endswith(("ci", "gi")):
        before_e = before_i = stem[:-1]
    elif stem.endswith("i"):
        before_i = stem[:-1]
    return _of_parts(
        verb,
        stem + "ò",
        stem + "ato",
        stem + "a",
        stem + "ano",
        stem + "ava",
        before_e + "erà",
        before_i + "i",
        stem + "asse",
        stem + "ando",
    ) | {stem + "arono": "p"}


def _third(verb: str, stem: str, singular: str, plural: str, subjunctive: str) -> dict[str, str]:
    return _of_parts(
        verb,
        stem + "ì",
        stem + "ito",
        singular,
        plural,
        stem + "iva",
        stem + "irà",
        subjunctive,
        stem + "isse",
        stem + "endo",
    ) | {stem + "irono": "p"}


def _of_parts(
    verb: str,
    past: str,
    participle: str,
    singular: str,
    plural: str,
    imperfect: str,
    future: str,
    subjunctive: str,
    past_subjunctive: str,
    gerund: str,
) -> dict[str, str]:
    conditional = future[:-1]
    forms = {
        subjunctive: "j",
        subjunctive + "no": "j",
        past_subjunctive: "j",
        past_subjunctive[:-1] + "ero": "j",
        singular: "s",
        plural: "p",
        imperfect: "s",
        imperfect + "no": "p",
        past: "s",
        future: "s",
        conditional + "anno": "p",
        conditional[:-1] + "rebbe": "s",
        conditional[:-1] + "rebbero": "p",
        verb: "b",
        verb[:-1] + "si": "b",
        gerund: "g",
    }
    forms |= {gerund + pronoun: "g" for pronoun in ("si", "gli", "le", "mi", "ci", "lo")}
    forms |= {participle[:-1] + ending: "n" for ending in "oaie"}
    if past.endswith("e"):
        forms[past[:-1] + "ero"] = "p"
    return forms


def english(verb: str) -> dict[str, str]:
    """Form → mark, of an English verb in its infinitive."""
    if not verb.isalpha():
        return {}
    if verb in _ENGLISH:
        singular, past, participle, gerund = _ENGLISH[verb].split()
        forms = {verb: "b", gerund: "g", singular: "s"}
        if participle != past:
            forms[participle] = "n"
        if past != verb:
            forms[past] = "d"
        return forms
    consonant_y = verb.endswith("y") and verb[-2:-1] not in "aeou"
    stem = verb + verb[-1] if verb in _DOUBLED else verb
    if consonant_y:
        singular, past = verb[:-1] + "ies", verb[:-1] + "ied"
    elif verb.endswith(("s", "sh", "ch", "x", "z")):
        singular, past = verb + "es", stem + "ed"
    else:
        singular, past = verb + "s", (verb + "d" if verb.endswith("e") else stem + "ed")
    silent = verb.endswith("e") and not verb.endswith(("ee", "oe", "ye"))
    return {verb: "b", singular: "s", past: "d", (verb[:-1] if silent else stem) + "ing": "g"}
