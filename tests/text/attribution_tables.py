"""Sentences with who says what in them, made by hand, and sentences where nobody says anything.

``{s …}`` is the source, ``{c …}`` the cue, ``{t …}`` the content of the first attribution; ``{s2 …}`` those of
the second, ``{s12 …}`` of both. Braces nest. Before the bar stand the types of the attributions: direct,
indirect, mixed; and, where nobody is named as the source, a sign for it:

    ~  the subject is implied        ∅  impersonal, passive, or not said

How it was annotated. The cue is the verb with its auxiliaries, pronouns, negation and the adverbs between them,
and the little word that opens the content (che, di, se; that, to); what stands between the two is in neither.
A source is a noun phrase with its apposition, without the article that hides in a preposition («del ministro»).
The content holds its quotation marks and leaves out the full stop. Where only an act is told («ha lanciato
l'allarme») the content is the whole clause, source and cue with it, as in the dossier of the seed article.

Each table is in two halves. The rules were tuned on the first; the second was written before there were rules,
and it was run when they were done.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field


@dataclass
class Expected:
    """One attribution as a person sees it: spans in order, the type, and whether its source is unspoken."""

    quote_type: str
    unspoken: str = ""
    source: list[tuple[int, int]] = field(default_factory=list)
    cue: list[tuple[int, int]] = field(default_factory=list)
    content: list[tuple[int, int]] = field(default_factory=list)


def read(row: str) -> tuple[str, list[Expected]]:
    """A row of the tables → its text and what is expected of it."""
    types, _, marked = row.partition("|")
    signs = {"~": "implied", "∅": "nobody"}
    expected = [Expected(kind.strip("~∅"), signs.get(kind[-1], "")) for kind in types.split()]
    text, opened, at = [], [], 0
    for piece in re.split(r"(\{[sct]\d* |\})", marked.strip()):
        if piece == "}":
            letter, numbers, start = opened.pop()
            for number in numbers or "1":
                attribution = expected[int(number) - 1]
                role = {"s": "source", "c": "cue", "t": "content"}[letter]
                getattr(attribution, role).append((start, at))
        elif piece.startswith("{"):
            opened.append((piece[1], piece[2:-1], at))
        else:
            text.append(piece.replace("¶", "\n"))
            at += len(piece)
    for attribution in expected:
        for spans in (attribution.source, attribution.cue, attribution.content):
            spans.sort()
    return "".join(text), expected


ITALIAN = """
indirect | {s La ministra della Salute} {c ha detto che} {t i vaccini arriveranno in autunno}.
indirect | {s Il comitato} {c afferma che} {t la cava ha già inghiottito mezzo bosco}.
indirect | {s Giorgio Valli} {c sostiene di} {t non aver mai firmato quel contratto}.
indirect | Ieri mattina {s il comandante dei vigili} {c ha dichiarato che} {t il traffico tornerà normale entro sera}.
indirect | In una nota {s la società} {c ha precisato che} {t i conti sono in ordine}.
direct | {t «Abbiamo perso un amico»}, {c ha scritto} {s il sindaco di Arenara} su Facebook.
direct | {t «Domani si sciopera»}, {c annunciano} {s i sindacati dei trasporti}.
direct | {s Il rettore} {c replica}: {t «Nessuno studente resterà fuori»}.
direct | {s Lucia Danti, presidente della cooperativa}, {c commenta}: {t “Siamo al limite”}.
direct | {t «Il referto»}, {c ha spiegato} {s il primario}, {t «arriverà tra due giorni»}.
direct | {t «Questa legge}, {c ha insistito} {s il relatore}, {t non tocca i diritti di nessuno»}.
direct | {t «Non ci hanno avvertiti - } {c racconta} {s una residente} {t - e abbiamo perso tutto»}.
direct | {t «Le chiavi erano sul tavolo»}, {c ha ricordato} {s il custode}. {t «Chiunque poteva prenderle.»}
direct | {t "Ce la faremo"}, {c promette} {s l'allenatrice}.
indirect | {c Secondo} {s la Protezione civile}, {t il livello del lago è sceso di due metri}.
indirect | {t Il livello del lago}, {c secondo} {s i tecnici della Provincia}, {t è sceso di due metri}.
indirect | {t La strada sarà riaperta lunedì}, {c secondo} {s il Comune}.
indirect | {c A detta di} {s un testimone}, {t l'auto viaggiava contromano}.
indirect | {c Stando alle} {s stime di Confcommercio}, {t i saldi sono partiti male}.
indirect | {c A parere del} {s perito}, {t il muro sarebbe crollato comunque}.
indirect | {c Per} {s Legambiente}, {t la discarica va chiusa subito}.
indirect | {c Come ha spiegato} {s la dirigente}, {t le graduatorie usciranno a luglio}.
indirect | {t I lavori, {c come riferisce} {s l'Ansa}, sono fermi da maggio}.
indirect | {s L'imputato} {c ha ammesso di} {t essere passato dalla villa quella notte}.
indirect | {s Il presidente della Camera} {c non ha escluso che} {t si voti in primavera}.
indirect indirect | {s12 L'azienda} {c ha annunciato che} {t lo stabilimento chiuderà} e {c2 ha spiegato che} {t2 gli ordini sono dimezzati}.
indirect indirect | {s La polizia} {c ha riferito che} {t {s2 il fermato} {c2 nega di} {t2 conoscere la vittima}}.
indirect indirect | {s Il governo} {c assicura che} {t i fondi ci sono}, ma {s2 le Regioni} {c2 ribattono che} {t2 non è arrivato un euro}.
indirect~ | Anna Moretti ha parlato per due ore. {c Ha detto che} {t il progetto era noto a tutti}.
indirect∅ | {c Si racconta che} {t il tesoro sia ancora sotto la rocca}.
indirect∅ | {c È stato detto che} {t il ponte era sicuro}.
indirect | {c È stato comunicato} {c dal} {s ministero} {c che} {t la prova si terrà a giugno}.
indirect | {s La Banca d'Italia} {c stima} {t una crescita dello 0,7 per cento}.
indirect | {s Il gruppo} {c ha smentito} {t le voci di vendita}.
mixed | {s Il vescovo} {c ha detto che} {t i migranti «non sono numeri» e vanno accolti}.
mixed | {s Il legale} {c parla di} {t «accanimento giudiziario»}.
mixed | {s La Lega} {c ha definito} {t la proposta «una follia»}.
indirect | {s L'opposizione} {c accusa} {t la giunta di aver sprecato i fondi europei}.
indirect | {t {s Medici senza frontiere} {c ha lanciato l'allarme} sulla mancanza d'acqua nei campi}.
indirect | Il sindaco ha respinto la {c tesi} della {s minoranza}, {c secondo cui} {t l'appalto era viziato}.
indirect | {s Il ministro}, parlando a Napoli, {c ha ribadito che} {t il ponte si farà}.
indirect | {s Il direttore del museo} {c ha detto} ai giornalisti {c che} {t la sala resterà chiusa}.
direct | {s Conte}{c :} {t «Non voteremo la fiducia»}.
indirect | {s Una ricerca dell'Università di Pisa} {c mostra che} {t le api stanno tornando nei frutteti}.
"""

ENGLISH = """
indirect | {s The governor} {c said that} {t the dam was safe}.
indirect | {s The chief executive of the bank} {c said} {t profits would fall this year}.
indirect | On Tuesday {s the foreign ministry} {c confirmed that} {t two envoys had been expelled}.
direct | {t “We will appeal,”} {c said} {s Maria Stone, the family's lawyer}.
direct | {t “It was like an earthquake,”} {s a resident} {c recalled}.
direct | {t “The road,”} {s the engineer} {c explained}, {t “was built on sand.”}
direct | {s The minister} {c replied}: {t “I will not resign.”}
direct | {s She} {c said}, {t “I have never met him.”}
direct | {t "We were lucky,"} {s he} {c told} the Times. {t "Very lucky."}
indirect | {c According to} {s police}, {t the car had been stolen in Leeds}.
indirect | {t The car had been stolen in Leeds}, {c according to} {s a police report}.
indirect | {t The strike}, {s the union} {c said}, {t would go on until Friday}.
indirect | {t Wages will rise by 5%}, {s the company} {c announced}.
indirect | {s The senator} {c told} reporters {c that} {t the bill was dead}.
indirect | {s A spokeswoman for the council} {c told} the Guardian {t the pool would not reopen}.
indirect | {s The charity} {c claims to} {t have fed 2,000 families}.
indirect | {s The actor} {c denied} {t assaulting the photographer}.
indirect | {s Scientists} {c warn that} {t the glacier could vanish by 2040}.
indirect∅ | It {c has been claimed that} {t the votes were never counted}.
indirect∅ | The {c allegation that} {t he took bribes} is under review.
indirect | The {s minister}'s {c claim that} {t crime has halved} is misleading.
mixed | {s The judge} {c described} {t the attack as “cowardly”}.
mixed | {s The bank} {c said} {t the breach was “contained” within hours}.
indirect indirect | {s The spokesman} {c said that} {t {s2 the engineers} {c2 believe} {t2 the crack is old}}.
indirect indirect | {s12 The firm} {c said} {t sales were flat} and {c2 added that} {t2 it would close two plants}.
indirect | {s Police} {c accused} {t two brothers of setting the fire}.
indirect | {c In the words of} {s the coroner}, {t nobody could have survived}.
indirect | {c As} {s the historian} {c noted}, {t the treaty was never signed}.
indirect | {t {s Doctors} {c have raised concerns} about the new contract}.
"""

NOTHING = """
Il secondo piano dell'edificio è inagibile.
È arrivato secondo alla maratona di Venezia.
Il biglietto per Firenze costa dodici euro.
Per il momento la scuola resta aperta.
Per Natale, i negozi resteranno aperti fino alle dieci.
Il gioco prevede tre dadi e una pedina.
Il romanzo «Il deserto verde» ha vinto il premio.
Gli «invisibili» dormono sotto i portici.
La legge prevede multe salate per chi inquina.
Il coach sostiene i suoi giocatori anche dopo le sconfitte.
La relazione che ha presentato ieri è lunga cento pagine.
Il quartiere si è affermato come polo della moda.
La notizia ha fatto il giro del mondo.
Pare che domani nevichi.
Secondo i piani, la metropolitana aprirà nel 2026.
Ha raccontato la sua infanzia in un libro.
Il dato si riferisce allo scorso anno.
La porta è aperta: «Spingere», c'è scritto sul vetro.
Hanno promesso amore eterno davanti agli amici.
Il prete dice messa ogni domenica.
The second half was dull.
The state says a lot about its owner in architecture, or so the joke goes.
He paid his dues according to the rules.
The film “Silent Water” opens on Friday.
They bought “organic” apples at the market.
The report runs to 300 pages.
She told a joke at dinner.
I must say goodbye now.
The claims that he filed were rejected.
Nothing could be said in public.
"""

# Written before the rules, and run when they were done.

HELD_OUT_ITALIAN = """
indirect | {s Il ministro dell'Economia} {c ha detto che} {t la manovra non conterrà nuove tasse sulla casa}.
direct | {t «Il ponte resterà chiuso fino a Natale»}, {c ha annunciato} {s l'assessora alla Mobilità Carla Venturi}.
direct | {s Il questore} {c ha spiegato}: {t «Le indagini sono a una svolta, ma servono ancora giorni»}.
indirect | {c Secondo} {s l'Istat}, {t i prezzi degli alimentari sono cresciuti del 6,2 per cento in un anno}.
indirect | {t La fabbrica riaprirà a settembre}, {c ha assicurato} {s l'amministratore delegato}.
direct | {t «Non abbiamo ricevuto alcuna offerta}, {c ha precisato} {s il presidente del club}, {t e non la stiamo cercando»}.
direct | {t «Ho consegnato tutto ai magistrati»}, {c ha ribadito} {s l'ex sindaco}. {t «Non ho altro da aggiungere.»}
indirect | {c A detta dei} {s residenti}, {t il torrente era esondato già due volte in primavera}.
indirect | {s La società} {c ha negato di} {t aver scaricato reflui nel fiume}.
indirect | L'{c annuncio} del {s governo} {c che} {t le scuole resteranno chiuse fino a lunedì} ha sorpreso i presidi.
mixed | {s La premier} {c ha definito} {t l'accordo «un passo storico per il continente»}.
indirect | {s I sindacati} {c accusano} {t l'azienda di aver nascosto i dati sugli infortuni}.
indirect indirect | {s Il portavoce} {c ha riferito che} {t {s2 la Procura} {c2 ritiene che} {t2 l'incendio sia doloso}}.
indirect~ | Giulia Ferri è arrivata in aula alle nove. {c Ha raccontato che} {t quella sera la porta era aperta}.
indirect∅ | {c Si dice che} {t il patron voglia vendere la squadra}.
indirect∅ | {c È stato annunciato che} {t il festival si terrà in streaming}.
indirect indirect | {s12 Il sindaco} {c ha detto che} {t il cantiere slitta} e {c2 ha aggiunto che} {t2 mancano i fondi}.
indirect | {c Come ha ricordato} {s la preside}, {t la palestra attende i lavori dal 2015}.
direct | {s Draghi}{c :} {t «L'Europa decida»}.
indirect | {s Il procuratore} {c ha detto} ai cronisti {c che} {t nessuno è indagato}.
indirect | {t Il farmaco riduce i ricoveri della metà}, {c secondo} {s uno studio dell'Università di Padova}.
direct | {t "La squadra c'è"}, {c dice} {s l'allenatore}.
direct | {s Landini} {c attacca}: {t “È una presa in giro”}.
indirect | {s Marta Colli, portavoce del comitato}, {c sostiene che} {t l'impianto inquina la falda}.
indirect | {s Il consulente}, che {c ha ammesso di} {t aver falsificato le perizie}, è stato sospeso.
indirect | {s Il prefetto} ha lasciato la riunione {c spiegando che} {t la decisione spetta al Viminale}.
mixed | {s L'Oms} {c avverte che} {t la variante «si diffonde più in fretta del previsto» tra i bambini}.
indirect | {c Stando a} {s fonti della questura}, {t i fermati sono sei}.
indirect | {s Il governatore} {c ha promesso di} {t azzerare le liste d'attesa entro giugno}.
indirect | {c Per} {s gli esperti di Bankitalia}, {t la crescita si fermerà allo 0,4 per cento}.
indirect | {s Il giudice} {c ha chiesto se} {t l'imputato conoscesse la vittima}.
direct | {t «Mai visto nulla di simile»}, {c racconta} {s un pescatore}, mostrando la rete vuota.
indirect | {s La Nasa} {c stima che} {t l'asteroide passerà a 30 mila chilometri dalla Terra}.
indirect | {s Palazzo Chigi} {c ha fatto sapere che} {t il vertice è rinviato}.
direct | {t «Gli esami»}, {c ha detto} {s il rettore}, {t «saranno in presenza»}.
indirect | {s Lo studio} {c dimostra che} {t dormire poco danneggia la memoria}.
indirect | {t L'uomo}, {c secondo quanto riferito dai} {s carabinieri}, {t guidava senza patente}.
indirect | {s I tecnici} {c prevedono} {t un calo del 3 per cento}.
indirect indirect | {s La difesa} {c sostiene che} {t il documento è autentico}, mentre {s2 l'accusa} {c2 afferma che} {t2 fu scritto anni dopo}.
indirect | {s Il colonnello} {c ha tenuto a precisare che} {t nessun militare è stato ferito}.
indirect | {t La sentenza}, {c a giudizio del} {s costituzionalista Aldo Nerini}, {t crea un precedente}.
indirect | {s I genitori} {c si dicono convinti che} {t la mensa sia peggiorata}.
direct | {t «Così non va»}: {c è il commento di} {s Paola Greco}, che guida la protesta.
indirect | {s La portavoce dell'Onu} {c ha avvertito} ieri a Ginevra {c che} {t le scorte basteranno per dieci giorni}.
"""

HELD_OUT_ENGLISH = """
indirect | {s The mayor} {c said that} {t the bridge would stay closed until spring}.
direct | {t “We have nothing to hide,”} {c said} {s Laura Pike, the company's chief executive}.
indirect | {c According to} {s the health ministry}, {t hospital admissions fell by a third in March}.
indirect | {s Officials} {c said} {t the fire had started in the basement}.
indirect | {s The airline} {c denied} {t cancelling the flights to save fuel}.
indirect | {t The company will cut 400 jobs}, {s its spokesman} {c told} Reuters.
direct | {t “I saw the wave coming,”} {s she} {c said}. {t “Then everything went dark.”}
direct | {t “The vote,”} {s Mr. Hale} {c told} reporters, {t “was never in doubt.”}
indirect | {s Prosecutors} {c allege that} {t the banker hid $3.5 million in offshore accounts}.
indirect∅ | It {c was reported that} {t two ships had collided}.
indirect∅ | The {c claim that} {t vaccines cause the disease} has been debunked.
indirect | {s Senator Ruiz} {c promised to} {t publish her tax returns}.
indirect | {s The report} {c warns that} {t sea levels could rise by 40 centimetres by 2100}.
mixed | {s The union} {c called} {t the offer “an insult”}.
indirect indirect | {s Johnson} {c told} the BBC {c that} {t {s2 Treasury officials} {c2 believe} {t2 the tax would raise £2bn}}.
direct | {s The coach} {c insisted}: {t “Nobody is leaving.”}
indirect | {t Rents}, {s the bank} {c noted}, {t have doubled since 2015}.
indirect | {c As} {s the minister} {c explained}, {t the fund is empty}.
indirect | {s The firm} {c announced} {t a recall of 20,000 scooters}.
indirect | {s A survey of 1,200 teachers} {c found that} {t most of them work at weekends}.
indirect | {s Police} {c accused} {t the driver of fleeing the scene}.
direct | {t "It's not over,"} {s the captain} {c said} after the match.
mixed | {s The president} {c said} {t the deal was “a very good one” for farmers}.
indirect indirect | {s Amnesty} {c argues} {t the law violates basic rights}, while {s2 the government} {c2 maintains that} {t2 it protects victims}.
indirect | {s Two former aides} {c have since acknowledged that} {t the memo was genuine}.
direct | {t ‘Nobody asked us,’} {c says} {s Tom Reid, who runs the ferry}.
"""

HELD_OUT_NOTHING = """
Il secondo capitolo del libro è il più lungo.
Arrivò secondo al traguardo, dietro al keniano.
I giocatori lanciano i dadi sul tavolo verde.
Ha comprato un biglietto per Milano, per sua madre e per il fratello.
Il film «La grande attesa» uscirà a marzo.
I cosiddetti «furbetti» del cartellino sono tornati in ufficio.
La nota che accompagna il bilancio è lunga quaranta pagine.
Il decreto prevede sanzioni fino a mille euro.
Gli abitanti sostengono la protesta dei pastori.
La cifra si riferisce al primo trimestre.
Il romanzo racconta la storia di due sorelle.
La stima che aveva per il collega era sincera.
Ogni tanto leggeva un secondo giornale, «Il Corriere».
Secondo tempo senza gol allo stadio Franchi.
Per ora la strada resta chiusa.
Sembra che i lavori siano finiti.
A dire il vero la sala era mezza vuota.
Vale a dire che il mutuo costerà di più.
Il dottore visita ogni secondo sabato del mese.
The United States that emerged from the war was richer.
He rolled the dice and lost.
The so-called “smart” meters are slow.
According to plan, the rocket lifted off at noon.
Her novel “The Claim” was published in May.
She has no say in the matter.
The notes that he played were flat.
The report was two hundred pages long.
The state added 3,000 jobs in June.
That said, the road is open again.
He argued with his neighbour for an hour.
The claims that were filed last year are pending.
You could say goodbye at the gate.
"""


def rows(table: str) -> list[str]:
    return [line for line in table.splitlines() if line.strip()]
