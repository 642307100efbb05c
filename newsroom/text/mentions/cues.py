"""Words that give a name away, Italian and English, written down by hand: few, frequent, and open to more.

All are in small letters, as they are compared. A list is no register of names: one that is missing costs a
guess, and what a newsroom tags teaches the model all the others.
"""

from __future__ import annotations


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _phrases(words: str) -> frozenset[str]:
    return frozenset(phrase.strip() for phrase in words.replace("\n", ",").split(",") if phrase.strip())


#: With a capital only because a sentence begins, or in a title: never a name by themselves.
COMMON = _listed("""
    a ad ai al all' alla alle allo agli altri altre altro alcuni alcune allora anche ancora anzi appena
    attualmente avendo avere avrebbe basta ben bisogna c' che chi chiunque ci ciascuno ciò circa coi col
    come comunque con contro così cosa cui d' da dai dal dall' dalla dalle dallo dagli dato davanti degli
    dei del dell' della delle dello dentro di dietro diversamente diversi diverse dopo doveva dove
    dovrebbe due dunque durante e ebbe ecco ed egli entrambi entro era erano eppure essa esse essendo essi
    essere esso est fa far fatto fin finora fino forse fra fu fuori furono già gli grazie ha hanno ho i
    ieri il in inoltre infatti infine insieme insomma intanto intorno invece io iniziano inizia l' la le
    lei lo loro lui lungo ma mai malgrado meno mentre mi mia mio molte molti molto ne né negli nei nel
    nell' nella nelle nello nemmeno nessun nessuna nessuno niente no noi non nonostante nulla nuova nuove
    nuovi nuovo o od oggi ogni ognuno oltre ora oramai ormai ossia oppure ovviamente per perché perciò
    però pertanto piuttosto più poche pochi poco poi poiché presso prima primo probabilmente proprio può
    purtroppo pure qua qualche qualcuno quale quali qualora quando quanto quasi quattro quel quell' quella
    quelle quelli quello questa queste questi questo quest' qui quindi rispetto salvo se secondo sei
    sembra sempre senza si sia siamo sicuramente solo soltanto sono sopra soprattutto sotto spesso stando
    stata state stati stato sta stanno stiamo su sua sue suo suoi sugli sui sul sull' sulla sulle sullo
    successivamente tale tali tante tanti tanto tra tre tredici troppo tu tutta tuttavia tutte tutti tutto
    tutt' ultima ultimo un un' una uno va vari varie verso vi viene vengono vista visto voi è gennaio
    febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre lunedì martedì
    mercoledì giovedì venerdì sabato domenica natale pasqua capodanno ferragosto about above according
    across after again against all almost already also although always among an and another any are around
    as at be because been before behind being below both but by can could despite did do does during each
    either even ever every few following for from further had has have he hence her here hers him his how
    however i if indeed instead into is it its itself just last later least less like many may me
    meanwhile might more most much must my neither never next nobody none nor not nothing now of off often
    on once one only onto or other others our out over own perhaps rather same she should since so some
    someone something soon still such than that the their them then there therefore these they this those
    three though through throughout thus to today together tomorrow too towards two under unless until up
    upon us very was we were what when where whether which while who whom whose why will with within
    without would yes yesterday yet you your january february march april june july august september
    october november december monday tuesday wednesday thursday friday saturday sunday christmas easter
""")

#: Of a person, before the name.
TITLES = _listed("""
    presidente presidentessa vicepresidente premier ministro ministra viceministro sottosegretario
    senatore senatrice deputato deputata onorevole on. sindaco sindaca governatore governatrice assessore
    assessora cancelliere cancelliera segretario segretaria portavoce leader capo commissario commissaria
    ambasciatore ambasciatrice generale colonnello capitano maresciallo ammiraglio re regina principe
    principessa duca duchessa conte contessa papa pontefice cardinale vescovo arcivescovo monsignor mons.
    don padre suor fra signor signora signorina sig. sig.ra dottor dottoressa dott. dott.ssa dr. professor
    professore professoressa prof. prof.ssa avvocato avvocata avv. ingegner ingegnere ing. architetto
    arch. giudice pm magistrato procuratore procuratrice questore prefetto attore attrice cantante
    cantautore cantautrice regista scrittore scrittrice poeta giornalista conduttore conduttrice pilota
    allenatore tecnico ct calciatore calciatrice attaccante centrocampista difensore portiere tennista
    ciclista atleta campione campionessa collega imprenditore imprenditrice manager direttore direttrice
    amministratore fondatore fondatrice ceo candidato candidata storico economista filosofo filosofa
    scienziato scienziata ricercatore ricercatrice medico moglie marito figlio figlia fratello sorella
    madre ragazzo ragazza boss ex sir lady lord president vice-president minister prime senator
    congressman congresswoman representative mayor governor chancellor secretary spokesman spokeswoman
    spokesperson ambassador general colonel captain admiral king queen prince princess duke pope cardinal
    bishop archbishop mr mr. mrs mrs. ms ms. dr professor judge prosecutor actor actress singer director
    writer author journalist coach striker midfielder defender goalkeeper champion chairman chairwoman
    founder executive officer candidate economist philosopher scientist wife husband son daughter brother
    sister father mother
""")

#: Verbs and the like that have a person, or an organisation, before or behind them.
SPEAKS = _listed("""
    ha dice dichiara afferma spiega sostiene racconta commenta risponde replica annuncia aggiunge
    sottolinea conclude detto dichiarato affermato spiegato sostenuto raccontato commentato risposto
    annunciato aggiunto sottolineato vince batte segna said says told added explained announced argued
    claimed wrote tweeted has
""")

_FAMILIES = """
    partito movimento lega fronte forza alleanza unione federazione confederazione associazione fondazione
    sindacato comitato consiglio commissione ministero dipartimento agenzia autorità ente istituto
    università politecnico accademia scuola liceo facoltà ospedale policlinico banca banco cassa borsa
    gruppo società azienda compagnia cooperativa consorzio corte tribunale procura questura prefettura
    polizia guardia carabinieri arma esercito marina aeronautica aviazione camera senato parlamento
    governo assemblea congresso croce nazioni organizzazione ordine comune club squadra nazionale juventus
    inter real atletico sporting dinamo associazioni protezione vigili radio gazzetta corriere giornale
    teatro museo biblioteca orchestra conferenza party movement league front alliance union federation
    confederation association foundation committee council commission ministry department agency authority
    institute university college academy school hospital bank group company court police army navy force
    parliament congress senate house united organization organisation office bureau board society press
"""
#: An organisation whose name begins with one of these; with more words behind it.
ORGANISATIONS = _listed(_FAMILIES)
#: Such a word alone, with a capital in the middle of a sentence, is a name.
BODIES = _listed("""
    parlamento governo senato camera congresso consiglio commissione esercito marina polizia carabinieri
    procura borsa chiesa stato parliament congress senate
""")
#: An organisation ends with these.
SUFFIXES = _listed("""
    s.p.a. spa s.p.a s.r.l. srl s.r.l snc onlus inc inc. ltd ltd. llc corp corp. co. plc gmbh ag sa nv bv
    group company corporation bank university institute foundation association league party club fc f.c.
    calcio basket news times post tv radio airlines motors records pictures studios entertainment software
    technologies consulting systems agency council committee commission union press
""")
#: What a known kind of organisation does: «l’azienda Acme», “the company Acme”.
BEFORE_ORGANISATIONS = _listed("""
    azienda società gruppo compagnia casa scuderia squadra club partito associazione sindacato agenzia
    quotidiano settimanale rivista testata emittente banca colosso startup multinazionale ditta team
    gruppi organizzazione ong fondazione movimento band produttore produttrice editore company firm group
    team party newspaper magazine agency bank giant startup maker publisher broadcaster organisation
    organization
""")

#: A place whose name begins with one of these.
PLACES_BEGIN = _listed("""
    monte monti mar mare lago laghi isola isole golfo stretto fiume torrente valle val passo capo costa
    punta porto piazza piazzale via viale vicolo corso largo ponte palazzo villa castello stadio aeroporto
    stazione parco basilica duomo cattedrale chiesa santuario monastero repubblica regno stati emirati
    regione provincia san santa sant' santo santi nord sud est ovest medio estremo new fort saint mount
    lake river bay cape island islands gulf strait north south east west street square road avenue
    republic kingdom los las el rio casa quartiere castel costa terra città
""")
#: Before the name of a place.
BEFORE_PLACES = _listed("""
    a ad in da presso vicino verso provincia città comune capitale regione isola paese villaggio quartiere
    frazione aeroporto stazione stadio porto fiume monte lago piazza via nord sud est ovest at near from
    city town village province region capital island river outside
""")
#: With an article: the name of an organisation rather than a person.
ARTICLES = _listed("""
    il lo la l' i gli le del dello della dell' dei degli delle al allo alla all' ai agli alle dal dallo
    dalla dall' dai dagli dalle nel nello nella nell' sul sullo sulla sull' col un una uno the a an
""")
#: A part of a person's name that is not written with a capital, whatever stands before it.
PARTICLES = _listed("von van der den de du dos das bin ben ibn al el ter zu y")
#: Between the words of the name of an organisation or a place.
LINKS = _listed("di del dello della dell' dei degli delle d' per e al alla all' of the for and")

FIRST_NAMES = _listed("""
    adele adriana adriano agata agnese agostino alberta alberto aldo alessandra alessandro alessia alessio
    alfonso alfredo alice alina amedeo amelia anastasia andrea angela angelina angelo anita anna annalisa
    annamaria antonella antonia antonino antonio arianna armando arturo attilio augusto aurelio barbara
    beatrice benedetta benedetto beniamino beppe bernardo bianca biagio bruna bruno camilla camillo carla
    carlo carlotta carmela carmelo carmine carolina caterina cecilia cesare chiara cinzia claudia claudio
    clara clelia corrado cosimo cristian cristiana cristiano cristina daniela daniele danilo daria dario
    davide debora demetrio diana diego domenico donatella donato edoardo elena eleonora elia elisa
    elisabetta elio ellen elsa elvira emanuela emanuele emilia emiliano emilio emma enrica enrico enzo
    ermanno ernesto ettore eugenia eugenio eva ezio fabiana fabiano fabio fabrizio fausto federica
    federico felice ferdinando fernando filippo fiorella flavia flavio franca francesca francesco franco
    fulvio gabriele gabriella gaetano gaia gennaro gerardo giacomo giada giampaolo gian giancarlo
    gianfranco gianluca gianmarco gianni gianpiero gilberto gina gino giobbe giordano giorgia giorgio
    giovanna giovanni giulia giuliana giuliano giulio giuseppe giuseppina giusy grazia graziano gregorio
    guglielmo guido gustavo igor ilaria ines irene isabella italo ivan ivana ivano ivo jacopo katia
    lamberto lara laura lavinia lea leonardo letizia lia licia lidia liliana lina linda lisa livia livio
    loredana lorenza lorenzo luca lucia luciana luciano lucio lucrezia ludovica ludovico luigi luigia
    luisa maddalena manlio manuel manuela mara marcella marcello marco margherita maria mariano mariangela
    marika marina mario marisa marta martina martino massimiliano massimo matilde matteo mattia maura
    maurizio mauro melania michela michele milena mirella miriam mirko monica nadia natalia nicola
    nicoletta nicolò nino noemi nunzia olga oliviero orazio oreste ornella oscar osvaldo ottavio pamela
    paola paolo pasquale patrizia patrizio pierluigi pier piera piero pietro pina pino raffaele raffaella
    raimondo raul rebecca remo renata renato renzo riccardo rino rita roberta roberto rocco rodolfo romano
    romeo romolo rosa rosanna rosaria rosario rossana rossella ruggero sabina sabrina salvatore samuele
    sandra sandro sara saverio sebastiano serena sergio silvana silvano silvia silvio simona simone sofia
    sonia stefania stefano susanna tania tatiana teresa tiziana tiziano tommaso ubaldo ugo umberto
    valentina valentino valeria valerio vanessa vasco vera veronica vincenza vincenzo virginia vito
    vittoria vittorio viviana walter wanda aaron abdul abdullah abraham adam adolf ahmad ahmed alan albert
    alejandro aleksandr alex alexander alexandre alexis ali alistair allen amy ana anders andre andreas
    andrew andrej andrzej andy angus ann anne anthony antoine antony arnold arthur ashley audrey barack
    barry bashar ben benazir benjamin bernard bernie bill billy bob boris brad brandon brian brigitte
    britney bruce bryan calvin carl carlos carol caroline catherine cathy charles charlie charlotte chris
    christian christine christopher chuck claire claude colin condoleezza craig dan daniel dave david dean
    deborah dennis diane dick dilma dmitri dmitry dominic don donald doris doug douglas ed eddie edgar
    edward edwin elizabeth elon emily emmanuel eric erik ernest eugene evo felipe fernand fidel florence
    francis francois françois frank fred frederick friedrich gary gavin geoffrey george gerald gerard
    gerhard glenn gordon graham greg guy hans harold harry hassan heather heidi heinrich heinz helen
    helmut henri henry herbert herman hillary hosni howard hu hugh hugo ian ibrahim isaac jack jacob
    jacques jaime james jamie jan jane janet jason javier jay jean jeff jeffrey jennifer jenson jeremy
    jerry jesse jessica jesus jim jimmy joan joe joel johan johann johannes john johnny jon jonathan
    jordan jorge josé jose josef joseph joshua juan judith julia julian julie jürgen justin kamala karen
    karl kate katherine keith kelly ken kenneth kevin kim kimi kofi kurt kyle lance larry lars laurent
    lech lee len leo leon leonid lewis liam lindsay lionel lisa lizzie lothar louis louise lucas lucy luis
    luiz luke lyndon mahmoud malcolm manmohan marc marcel marcus margaret marie marilyn mark marta martin
    mary matt matthew max maxime megan mel michael michail michel michelle miguel mike mikhail mitt
    mohamed mohammad mohammed morgan muhammad nancy naomi natalie neil nelson nicholas nick nicolas nigel
    nikolai noam norman oliver olivier omar osama otto pablo pat patricia patrick paul pedro penelope
    peter phil philip philippe pierre rachel rafael ralph ray raymond renate rené rex richard rick rob
    robert robin rod roger roland ron ronald rosa ross roy rudolf rudy rupert russell ruth ryan saddam
    sally sam samantha samuel sandra sarah scott sean sebastian serena sergei shinzo simon sophie stan
    stanley stephanie stephen steve steven stuart sue susan sylvester tamara ted terry theodore theresa
    thomas tim timothy todd tom tommy tony tracy ulrich ursula vaclav venus victor victoria viktor vince
    vincent vladimir volodymyr wayne wendy werner wilhelm will william wolfgang woody xavier xi yasser
    yoko yuri yves zinedine zlatan jannik
""")

PLACES = _phrases("""
    afghanistan, africa, albania, algeria, america, andorra, angola, antartide, arabia saudita, argentina,
    armenia, asia, australia, austria, azerbaigian, bahamas, bahrein, bangladesh, belgio, bielorussia,
    birmania, bolivia, bosnia, bosnia ed erzegovina, botswana, brasile, bulgaria, burkina faso, burundi,
    cambogia, camerun, canada, capo verde, ciad, cile, cina, cipro, colombia, congo, corea, corea del
    nord, corea del sud, costa d' avorio, costa rica, croazia, cuba, danimarca, ecuador, egitto, el
    salvador, emirati arabi uniti, eritrea, estonia, etiopia, europa, filippine, finlandia, francia,
    gabon, galles, gambia, georgia, germania, ghana, giamaica, giappone, gibuti, giordania, gran bretagna,
    grecia, guatemala, guinea, haiti, honduras, india, indonesia, inghilterra, iran, iraq, irlanda,
    islanda, israele, italia, kazakistan, kenya, kirghizistan, kosovo, kuwait, laos, lettonia, libano,
    liberia, libia, liechtenstein, lituania, lussemburgo, macedonia, madagascar, malawi, malaysia,
    maldive, mali, malta, marocco, mauritania, mauritius, messico, moldavia, monaco, mongolia, montenegro,
    mozambico, namibia, nepal, nicaragua, niger, nigeria, norvegia, nuova zelanda, oceania, olanda, oman,
    paesi bassi, pakistan, palestina, panama, paraguay, perù, polonia, portogallo, porto rico, qatar,
    regno unito, repubblica ceca, romania, ruanda, russia, san marino, scozia, senegal, serbia, sierra
    leone, singapore, siria, slovacchia, slovenia, somalia, spagna, sri lanka, stati uniti, stati uniti d'
    america, usa, sudafrica, sudan, svezia, svizzera, tagikistan, taiwan, tanzania, thailandia, tibet,
    togo, tunisia, turchia, turkmenistan, ucraina, uganda, ungheria, unione sovietica, uruguay,
    uzbekistan, vaticano, città del vaticano, venezuela, vietnam, yemen, zambia, zimbabwe, cecenia,
    cisgiordania, crimea, gaza, striscia di gaza, catalogna, baviera, caucaso, balcani, medio oriente,
    siberia, groenlandia, jugoslavia, urss, u.s.a. abruzzo, basilicata, calabria, campania,
    emilia-romagna, emilia romagna, friuli-venezia giulia, friuli, lazio, liguria, lombardia, marche,
    molise, piemonte, puglia, sardegna, sicilia, toscana, trentino, trentino-alto adige, alto adige,
    umbria, valle d' aosta, veneto, romagna, salento, brianza, padania, maremma, irpinia roma, milano,
    napoli, torino, palermo, genova, bologna, firenze, bari, catania, venezia, verona, messina, padova,
    trieste, brescia, parma, taranto, prato, modena, reggio calabria, reggio emilia, perugia, ravenna,
    livorno, cagliari, foggia, rimini, salerno, ferrara, sassari, latina, monza, siracusa, pescara,
    bergamo, forlì, trento, vicenza, terni, bolzano, novara, piacenza, ancona, andria, arezzo, udine,
    cesena, lecce, pesaro, barletta, alessandria, la spezia, pistoia, pisa, catanzaro, lucca, brindisi,
    treviso, como, varese, grosseto, caserta, asti, ragusa, cremona, cosenza, pavia, massa, carrara,
    trapani, viterbo, potenza, crotone, caltanissetta, benevento, agrigento, savona, matera, siena, cuneo,
    avellino, teramo, l' aquila, chieti, imperia, rieti, campobasso, isernia, aosta, mantova, lodi, lecco,
    sondrio, biella, vercelli, verbania, rovigo, belluno, gorizia, pordenone, oristano, nuoro, enna, vibo
    valentia, sanremo, lampedusa, pompei, ischia, capri, assisi, urbino, monza, imola, maranello,
    viareggio, ostia, civitavecchia parigi, londra, berlino, madrid, barcellona, lisbona, bruxelles,
    amsterdam, vienna, berna, zurigo, ginevra, lugano, praga, budapest, varsavia, mosca, san pietroburgo,
    kiev, minsk, atene, istanbul, ankara, gerusalemme, tel aviv, beirut, damasco, baghdad, teheran, kabul,
    islamabad, nuova delhi, mumbai, pechino, shanghai, hong kong, tokyo, seul, pyongyang, bangkok,
    giacarta, manila, sydney, melbourne, il cairo, cairo, tripoli, bengasi, tunisi, algeri, rabat,
    nairobi, mogadiscio, addis abeba, johannesburg, città del capo, lagos, washington, new york, los
    angeles, chicago, boston, san francisco, houston, miami, philadelphia, las vegas, seattle, detroit,
    atlanta, dallas, new orleans, toronto, montréal, montreal, vancouver, città del messico, l' avana,
    bogotà, caracas, lima, quito, santiago, buenos aires, rio de janeiro, san paolo, brasilia, montevideo,
    oslo, stoccolma, copenaghen, helsinki, dublino, belfast, edimburgo, glasgow, liverpool, manchester,
    monaco di baviera, francoforte, amburgo, colonia, stoccarda, marsiglia, lione, nizza, strasburgo,
    lussemburgo, zagabria, lubiana, belgrado, sarajevo, pristina, tirana, sofia, bucarest, bratislava,
    vilnius, riga, tallinn, kharkiv, odessa, mariupol, donetsk, california, texas, florida, virginia,
    pennsylvania, ohio, michigan, arizona, alaska, hawaii, massachusetts, louisiana, silicon valley,
    hollywood tevere, po, arno, adige, danubio, nilo, mediterraneo, adriatico, tirreno, atlantico,
    pacifico, alpi, appennini, vesuvio, etna, dolomiti, himalaya algeria, argentina, belarus, belgium,
    brazil, britain, cameroon, chile, china, croatia, cyprus, czech republic, denmark, egypt, england,
    estonia, ethiopia, finland, france, germany, great britain, greece, hungary, iceland, ireland, israel,
    italy, japan, jordan, latvia, lebanon, libya, lithuania, mexico, moldova, morocco, netherlands, new
    zealand, north korea, northern ireland, norway, palestine, peru, philippines, poland, portugal,
    romania, rwanda, saudi arabia, scotland, slovakia, slovenia, south africa, south korea, soviet union,
    spain, sweden, switzerland, syria, thailand, tunisia, turkey, ukraine, united arab emirates, united
    kingdom, united states, u.s., uk, u.k., wales, europe, middle east, west bank, crimea, rome, milan,
    naples, turin, florence, venice, genoa, paris, london, berlin, brussels, vienna, geneva, prague,
    warsaw, moscow, kyiv, athens, jerusalem, damascus, tehran, beijing, seoul, tokyo, delhi, dublin,
    edinburgh, munich, frankfurt, stockholm, copenhagen, lisbon, mexico city, havana
""")

#: Known everywhere, mostly by their letters.
KNOWN_ORGANISATIONS = _phrases("""
    onu, nato, ue, unione europea, unesco, unicef, fao, oms, fmi, bce, fbi, cia, nasa, esa, nsa, bbc, cnn,
    rai, mediaset, ansa, eni, enel, fiat, alitalia, trenitalia, istat, inps, inail, anas, consob, cgil,
    cisl, uil, fiom, confindustria, coldiretti, pd, pdl, lega, lega nord, forza italia, fratelli d'
    italia, italia viva, m5s, cei, atac, fifa, uefa, coni, cio, figc, fia, anm, csm, agcom, croce rossa,
    greenpeace, amnesty international, emergency, medici senza frontiere, al-qaida, al-qaeda, al qaeda,
    hamas, hezbollah, isis, juventus, milan, inter, lazio calcio, fiorentina, sampdoria, udinese,
    atalanta, ferrari, mclaren, red bull, microsoft, google, apple, amazon, facebook, meta, twitter, ibm,
    intel, samsung, sony, nokia, tesla, openai, wikipedia, wikimedia, reuters, associated press, united
    nations, european union, eu, imf, ecb, white house, casa bianca, cremlino, pentagono, quirinale,
    palazzo chigi, montecitorio, viminale, farnesina, bundestag, duma, knesset, nazioni unite, corte
    costituzionale, repubblica, corriere della sera, la stampa, sole 24 ore, la repubblica, new york
    times, washington post, guardian
""")
