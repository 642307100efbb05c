"""Italian: who reports with which words, and the small words around them."""

from __future__ import annotations

import re

from newsroom.text.attribution.conjugation import italian
from newsroom.text.attribution.lexicon import Grammar, Lexicon

VERBS = """
affermare ammonire arguire argomentare assicurare asserire avvertire avvisare chiarire commentare
comunicare confermare confessare confidare contestare controbattere dichiarare dire garantire giurare
informare insinuare ironizzare obiettare osservare precisare puntualizzare raccontare replicare
ribadire ribattere ricordare riferire rilevare rimarcare ripetere riportare rispondere rivelare
sbottare scherzare scrivere segnalare sostenere specificare spiegare sottolineare svelare
teorizzare testimoniare aggiungere argomentare evidenziare notare predire profetizzare pronosticare
scommettere ricostruire riassumere postare twittare
ammettere: that inf quote
annunciare: that inf quote object
calcolare: that
chiedere: that inf whether quote self
concludere: that quote
denunciare: that inf quote
domandare: whether quote self
escludere: that inf
insistere: that quote
ipotizzare: that inf object
lamentare: that quote self
minacciare: inf that quote
negare: that inf quote object
prevedere: that inf object
promettere: that inf quote object
proporre: that inf quote
raccomandare: that inf quote
consigliare: inf quote
rivendicare: that inf object
riconoscere: that inf
smentire: that inf quote object
stimare: that inf object
suggerire: that inf quote
vantare: that inf self
credere: that inf weak
pensare: that quote weak
ritenere: that inf weak
supporre: that weak
sospettare: that inf weak
temere: that inf quote weak
sperare: that inf quote weak
auspicare: that quote weak
augurare: that quote self weak
dubitare: that weak
attaccare: quote
brontolare: quote
chiosare: quote
continuare: quote
criticare: quote
difendere: quote self
esclamare: quote
esordire: quote
esortare: quote
esultare: quote
gridare: that quote
implorare: quote
incalzare: quote
mormorare: that quote
proseguire: quote
protestare: quote that
rassicurare: quote that
rincarare: quote
riprendere: quote
sbuffare: quote
sfogare: quote self
sintetizzare: quote
sospirare: quote
sorridere: quote
sussurrare: quote that
tuonare: quote
urlare: quote that
accusare: of quote
incolpare: of
rimproverare: of
definire: as
bollare: as
descrivere: as
giudicare: as
liquidare: as
parlare: about
dimostrare: that data
mostrare: that data
indicare: that data
attestare: that data
certificare: that data
documentare: that data
suggerire: that data
leggere: in
tagliare corto: quote
emergere: from
risultare: from
fare sapere: that inf quote
fare notare/presente/presenti: that quote
rendere noto/nota/noti/note: that
mettere in guardia: that quote
dare notizia: that
dare per certo/certa: that
lasciare intendere/capire/trapelare: that inf
dire convinto/convinta/convinti/convinte/certo/certa/certi/certe/sicuro/sicura/sicuri/sicure: that inf self
dire pronto/pronta/pronti/pronte/disponibile/disponibili/preoccupato/preoccupata/preoccupati: that inf self
dire favorevole/favorevoli/contrario/contraria/contrari/fiducioso/fiduciosa/fiduciosi: that inf self
sollevare preoccupazioni/preoccupazione/dubbi/perplessità/obiezioni/critiche/interrogativi/proteste: act
esprimere preoccupazione/preoccupazioni/dubbi/perplessità/soddisfazione/cordoglio/timore/timori: act
esprimere rammarico/contrarietà/sdegno/scetticismo/apprezzamento/sconcerto/solidarietà: act
manifestare preoccupazione/dubbi/perplessità/contrarietà/dissenso/soddisfazione: act
lanciare allarme/appello/monito/accuse/avvertimento: act
rilanciare allarme/appello/accuse: act
muovere accuse/critiche: act
avanzare dubbi/accuse/ipotesi/sospetti: act
rivolgere accuse/appello/critiche: act
respingere accuse/critiche/addebiti: act
puntare dito: act
"""

NOUNS = """
affermazione annuncio ammissione ipotesi notizia tesi promessa
certezza: that weak
conferma: that weak
convinzione: that weak
idea: that weak
sospetto/sospetti: that weak
timore/timori: that weak
accusa/accuse: quote
allarme: quote
appello: quote
attacco: quote
avvertimento: quote
commento: quote
denuncia: quote
dichiarazione/dichiarazioni: quote
grido: quote
indiscrezione/indiscrezioni: quote
messaggio: quote
monito: quote
nota: quote
obiezione: quote
parola/parole: quote
previsione/previsioni: quote
protesta: quote
reazione: quote
replica: quote
ricostruzione: quote
risposta: quote
sfogo: quote
smentita: quote
spiegazione: quote
stima/stime: quote
teoria: quote
versione: quote
voce/voci: quote
"""

# In capitals, classes: DI takes del and dell', A alle, DA dalla; DETTO a participle and SA a verb of this
# file.
PREPOSITIONS = """
secondo
a detta DI
a dire DI
a giudizio DI
a parere DI
ad avviso DI
a avviso DI
nelle parole DI
per bocca DI
per voce DI
stando A
a sentire
secondo quanto DETTO DA
stando a quanto DETTO DA
da quanto DETTO DA
a quanto DETTO DA
secondo quanto SA
stando a quanto SA
da quanto SA
a quanto SA
per
come SA
come DETTO DA
come si legge IN
come emerge DA
"""

_CLASSES = {
    "G": "alcuni alcune molti molte tanti tante pochi poche tutti tutte altri altre entrambi entrambe due",
    "D": """
        il lo la i gli le l' un uno una un' questo questa questi queste quest' quello quella quelli
        quelle quell' quel quei quegli qualche ogni diversi diverse vari varie numerosi numerose tre
        quattro cinque sei sette otto nove dieci cento ciascun ciascuno mio mia nostro nostra suo sua
        suoi sue loro nessun nessuna certi certe più
    """,
    "O": "di del dello della dei degli delle dell' d'",
    "A": "a ad al allo alla ai agli alle all'",
    "B": "da dal dallo dalla dai dagli dalle dall'",
    "P": """
        secondo in nel nello nella nei negli nelle nell' su sul sullo sulla sui sugli sulle sull' con
        col per tra fra verso contro durante dopo prima senza sotto sopra dentro fuori attraverso entro
        oltre presso lungo davanti dietro accanto rispetto riguardo tramite mediante fino sino
    """,
    "C": "e ed o oppure nonché né ma però eppure bensì",
    "S": """
        che nonostante malgrado perché poiché giacché quando mentre se dove finché affinché benché
        sebbene seppure come quanto cui quale quali purché anziché siccome cioè ovvero
    """,
    "R": """
        anche particolare circa fin pure già ancora sempre mai più poi quindi dunque però invece infatti
        inoltre infine intanto peraltro tuttavia comunque così quasi solo soltanto proprio appena
        addirittura perfino persino forse ovviamente molto poco troppo bene male meglio subito presto
        tardi spesso insieme altrettanto tanto piuttosto insomma altresì nemmeno neanche neppure magari
        ormai davvero certo qui qua lì là oltretutto semmai pertanto viceversa pubblicamente
    """,
    "T": """
        ieri oggi domani stamattina stamani stasera stanotte adesso ora allora lunedì martedì mercoledì
        giovedì venerdì sabato domenica gennaio febbraio marzo aprile maggio giugno luglio agosto
        settembre ottobre novembre dicembre recentemente mattina pomeriggio
    """,
    "K": "li si mi ti ci vi ne me te ce ve se glielo gliel'",
    "Z": "non",
    "N": """
        lui lei egli ella esso essa essi esse io noi voi chi qualcuno nessuno uno molti alcuni tutti
        quest'ultimo costui costei costoro
    """,
    "X": """
        è sono era erano fu furono sarà saranno sia siano sarebbe sarebbero fosse fossero stato stata
        stati state ha hanno aveva avevano ebbe ebbero avrà avranno abbia abbiano avrebbe avrebbero
        avesse avessero viene vengono venne vennero veniva venivano verrà verranno venga vengano
        verrebbe va vanno può possono poteva potrebbe potrebbero potrà potranno deve devono doveva dovrà
        dovranno dovrebbe dovrebbero vuole vogliono voleva vorrebbe vorrebbero resta restano restava
        rimane rimangono serve servono sta stanno stava stavano c'è arriva arrivano arrivò cresce
        crescono sembra sembrano pare appare entra entrano esce escono lascia lasciano vede vedono
        prende prendono cade cadono sale salgono scende scendono apre aprono chiude chiudono vince
        vincono perde perdono trova trovano vive vivono gioca giocano passa passano inizia iniziano
        comincia aumenta aumentano finisce parte partono esiste esistono nasce muore torna tornano
        diventa riguarda riguardano mette permette consente comporta
    """,
    # «l'assessora alla Mobilità»: offices that say what they are for behind an «a».
    "J": """
        assessore assessora sottosegretario sottosegretaria delegato delegata candidato candidata
        ministro viceministro viceministra commissario addetto addetta inviato consigliere
    """,
    # People, and what speaks for them.
    "H": """
        ministro ministra ministri ministero sindaco sindaca sindaci presidente presidenti presidentessa
        premier governo governatore governatrice regione regioni comune comuni provincia giunta
        portavoce direttore direttrice direttori direzione generale segretario segretaria leader
        capogruppo deputato deputata deputati senatore senatrice senatori onorevole assessori assessora
        consigliere consigliera consiglieri vicepresidente vicesindaco vicepremier amministratore
        amministratrice ceo manager dirigente dirigenti responsabile responsabili fondatore fondatrice
        proprietario titolare titolari imprenditore imprenditrice imprenditori azienda aziende società
        gruppo compagnia impresa imprese casa multinazionale colosso banca banche sindacato sindacati
        associazione associazioni comitato comitati federazione organizzazione ong fondazione partito
        partiti opposizione maggioranza minoranza coalizione procura procuratore pm giudice giudici
        magistrato magistrati magistratura tribunale corte difesa accusa avvocato avvocata avvocati
        legale legali polizia carabinieri questore questura prefetto prefettura finanza vigili
        comandante colonnello capitano tenente agenti agente investigatori inquirenti autorità esercito
        militari soldati soldato testimone testimoni vittima vittime imputato imputata indagato
        sospettato fermato arrestato detenuto esperto esperta esperti analista analisti economista
        economisti ricercatore ricercatrice ricercatori scienziato scienziata scienziati studioso
        studiosa studiosi professore professoressa professori docente docenti rettore rettrice preside
        medico medici primario virologo infermieri infermiera chirurgo tecnico tecnici ingegnere
        ingegneri architetto geologo geologi perito storico storica storici scrittore scrittrice regista
        attore attrice cantante artista giornalista giornalisti cronista inviato corrispondente
        allenatore allenatrice ct mister calciatore giocatore giocatrice giocatori club squadra
        residente residenti abitante abitanti cittadino cittadina cittadini vicino vicini passante
        pescatore donna uomo giovane giovani bambino bambina anziano anziana ragazzo ragazza ragazzi
        padre madre figlio figlia fratello sorella moglie marito genitori famiglia familiari zio zia
        nonno nonna cugino amico amica amici collega colleghi vescovo papa pontefice cardinale parroco
        prete don suora imam rabbino chiesa vaticano fonte fonti osservatori osservatore critici
        detrattori sostenitori attivista attivisti manifestanti lavoratori lavoratrice lavoratore operai
        operaio dipendenti dipendente insegnanti insegnante studenti studente studentessa pensionato
        commerciante commercianti agricoltori agricoltore albergatore custode quotidiano giornale
        giornali agenzia agenzie rivista settimanale testata testate media stampa emittente ambasciatore
        ambasciata diplomatico diplomatici commissione commissario commissaria consiglio parlamento
        camera senato europa unione nato onu istituto università ateneo ente osservatorio centro
        costituzionalista sociologo sociologa psicologo psicologa filosofo politologo costruttore
        costruttori relatore relatrice consulente consulenti delegato rappresentante rappresentanti
        esponente esponenti sottosegretario candidato candidata presentatore conduttore vincitore re
        regina principe ex vice capo numero
    """,
    # Papers, figures and other things that say something.
    "M": """
        rapporto rapporti report studio studi ricerca ricerche relazione documento documenti dossier
        indagine indagini inchiesta sondaggio sondaggi statistica statistiche dato dati stima stime
        articolo articoli comunicato lettera testo analisi bollettino perizia sentenza verbale verbali
        esperimento esperimenti cifre numeri bilancio libro post tweet messaggio risultati censimento
        referto
    """,
    # What prescribes and does not report.
    "I": """
        legge leggi decreto norma norme normativa regolamento contratto accordo piano programma progetto
        bando manovra riforma costituzione protocollo trattato gioco sistema modello tariffario statuto
        direttiva ordinanza calendario patto offerta abbonamento biglietto polizza menu tradizione
        regola regole codice
    """,
    "Y": """
        giorno giorni settimana settimane mese mesi anno anni ora ore minuti sera serata notte mattinata
        mattino momento volta volte estate inverno primavera autunno secolo
    """,
}

_NOT_TO_BE_BELIEVED = """
legge leggi norma norme regola regole regolamento piano piani programma programmi calendario tradizione
copione canone canoni fuso schema modello modelli criterio criteri logica principio principi necessità
caso casi gusti gusto modalità procedura procedure ordine metodo protocollo tempo turno posto piano
livello grado me noi voi coscienza costituzione consuetudine usanza prassi scaletta attese aspettative
disponibilità quantità stagione
"""

GRAMMAR = Grammar(
    lang="it",
    classes={word: letter for letter, words in reversed(_CLASSES.items()) for word in words.split()},
    endings=(
        (re.compile(r".{3,}mente$"), "R"),
        (
            re.compile(
                r"(?!settor|fattor|motor|trattor|vettor|intervist|conquist|provvist|cicatric|matric)"
                r".{3,}(?:tor[ei]|tric[ei]|olog[oaih]|.ist[aie]|nomist[aie]|endent[ei])$"
            ),
            "H",
        ),
        (re.compile(r".{4,}(?:ando|endo)(?:si|gli|le|lo|la|mi|ci|ne)?$"), "E"),
        (re.compile(r"(?:.{2,}[aei]re|.{2,}[aei]r(?:si|lo|la|li|le|ne|ci|gli)|.{2,}(?:ur|or)re)$"), "="),
        (re.compile(r"(?:aver|esser|poter|dover|voler|far|dar|star|saper|andar)$"), "="),
        (re.compile(r".{2,}(?:r[àò]|ranno|rebbe|rebbero|[aei]vano|[aei]rono|[aei]ssero|scono)$"), "X"),
        (re.compile(r".{3,}[bcdfglmnpqrstvz]ò$|.{4,}eva$"), "X"),
        (re.compile(r"(?!perdono|abbandono|telefono|microfono|patrono).{3,}[bcdfglmnprstvz]ono$"), "X"),
    ),
    conjugate=italian,
    sets={
        name: frozenset(words.split())
        for name, words in {
            "first person": "io noi voi tu me te",
            "of": "di d'",
            "learned": "emerso appreso trapelato",
            "personal": "lui lei egli ella essi esse loro costui costei",
            "definite": "il lo la i gli le l'",
            "that": "che ch'",
            "whether": "se",
            "to": "di d'",
            "have": """
                ha hanno aveva avevano avrebbe avrebbero avrà avranno abbia abbiano avesse avessero ebbe
                ebbero
            """,
            "having": "aver avere avendo",
            "staying": "sta stanno stava stavano starebbe starebbero",
            "be": """
                è sono era erano fu furono sarà saranno sarebbe sarebbero sia siano fosse fossero viene
                vengono venne vennero veniva venivano verrà verranno venga vengano
            """,
            "been": "stato stata stati state",
            "plural": """
                hanno avevano avrebbero avranno abbiano avessero ebbero sono erano furono saranno
                sarebbero siano fossero vengono vennero venivano verranno vengano
            """,
            "phase": """
                tiene tengono teneva tenne tenuto torna tornano tornato tornata tornati continua
                continuano continuava continuò continuato prova provato arriva arrivato arrivata giunge
                giunto vuole vogliono voleva volle voluto preferisce preferito limita limitano limitato
                dovrebbe dovuto finito affretta affrettato affrettata tenuti
            """,
            "self": "si s'",
            "clitic": "lo la li le gli l' ne ci vi",
            "by": "da dal dallo dalla dai dagli dalle dall'",
            "relative": "che",
            "whom": "cui",
            "according": "secondo",
            "which": "quale quali",
            "while": "mentre invece laddove",
            "as": "come",
            "bare to": "a ad",
            "how": "come perché",
            "so": "così",
            "is": "è era fu",
            "not believed": _NOT_TO_BE_BELIEVED,
            "plural sources": """
                fonti indiscrezioni stime dati esperti analisti testimoni voci ricostruzioni autorità
                alcuni alcune molti molte chi quanti altri previsioni sondaggi statistiche calcoli
                documenti ricercatori studiosi scienziati tecnici investigatori inquirenti critici
                osservatori molti diversi media tutti
            """,
            "no speaker": """
                natale pasqua capodanno ferragosto italia europa roma milano napoli torino ora oggi
                domani sempre esempio fortuna legge contro altro
            """,
            "places": """
                piazza via viale corso palazzo stadio quartiere teatro hotel ospedale aeroporto ponte scuola
                chiesa
            """,
            "told in": """
                nota comunicato intervista conferenza lettera messaggio post tweet video diretta
                audizione aula telefonata mail discorso memoria
            """,
            "title before": """
                film libro romanzo saggio brano canzone album titolo spettacolo serie programma mostra
                opera quadro racconto dramma
            """,
            "written": "scrivere riprendere postare",
            "document subject": "questo questa questi queste ciò",
        }.items()
    },
)

ITALIAN = Lexicon.of(
    GRAMMAR,
    verbs=[row for line in VERBS.strip().splitlines() for row in ([line] if ":" in line else line.split())],
    nouns=[row for line in NOUNS.strip().splitlines() for row in ([line] if ":" in line else line.split())],
    prepositions=PREPOSITIONS.strip().splitlines(),
)
