"""What the sample's projects are about, fund by fund."""

from portal.sample.funds import Subject

SUBJECTS: dict[str, tuple[Subject, ...]] = {
    "UNA00": (
        Subject(
            "Strengthening the response to conflict-related sexual violence",
            "Survivors of sexual violence seldom report it: clinics are far, police stations "
            "are not private, and cases that do reach a court stand still for years.",
            (
                "train nurses and social workers to give care within the first seventy-two hours",
                "open interview rooms at police stations that can be entered unseen",
                "help prosecutors to prepare files that hold in court",
                "pay for transport, lodging and a lawyer while a case is heard",
            ),
        ),
        Subject(
            "Legal aid and one-stop care for survivors",
            "Medical care, shelter and legal advice lie in different offices, and every office "
            "asks a survivor to tell her story again.",
            (
                "bring doctor, counsellor and lawyer under one roof",
                "agree on one file that follows the survivor by her consent alone",
                "set up a fund for emergency needs",
                "run radio talks that say where help is found and that it is free",
            ),
        ),
        Subject(
            "Experts for the investigation of sexual violence as a war crime",
            "Investigators know how to document killings, but few have learned to document "
            "sexual violence without harming those who testify.",
            (
                "send advisers to the military and civil prosecutors",
                "write a manual for interviews with children",
                "keep evidence where it stays whole for a trial years later",
                "exchange lessons among the courts of the region",
            ),
        ),
    ),
    "PBR00": (
        Subject(
            "Young people as mediators",
            "Most disputes begin among young men without work, and those who settle them are "
            "twice their age.",
            (
                "train young women and men as mediators and pay them a stipend",
                "give small grants to what both sides ask for: a market, a pitch, a bridge",
                "bring elected councils and youth groups to one table every quarter",
                "record each agreement and visit it again after six months",
            ),
        ),
        Subject(
            "Reintegration of former fighters and the places that receive them",
            "Fighters who come home find neither work nor welcome, while their neighbours ask "
            "why those who fought are paid and those who did not are not.",
            (
                "offer apprenticeships to former fighters and neighbours in equal number",
                "repair roads and drains by paid work open to both",
                "give counselling to those who ask for it",
                "help town councils to plan and account for what is built",
            ),
        ),
        Subject(
            "Settling land disputes before they turn violent",
            "Returning families find others on their land, with papers of the same office.",
            (
                "map plots together with those who use them",
                "set up mobile teams of surveyors and paralegals",
                "enter agreements in the land register at no cost",
                "advise parliament on the rights of widows and daughters",
            ),
        ),
        Subject(
            "Radio and dialogue across the divide",
            "Each community hears its own news, and rumours decide who may cross a bridge.",
            (
                "produce one programme in all languages of the district",
                "train reporters to check rumours within a day",
                "hold open evenings in schools on both sides",
                "give teachers material on shared history",
            ),
        ),
        Subject(
            "Women at the table of local peace committees",
            "Peace committees decide on water, grazing and compensation, and nine of ten "
            "members are men.",
            (
                "coach women who stand for election to the committees",
                "pay for child care and transport on meeting days",
                "publish the decisions where everybody can read or hear them",
                "let committees in three districts learn from each other",
            ),
        ),
    ),
    "SAH00": (
        Subject(
            "Shared wells and grazing corridors",
            "Herders come earlier and stay longer as rains fail, and meet farmers who sow "
            "where herds used to pass.",
            (
                "mark corridors on the ground with both sides",
                "dig and mend wells along them",
                "train animal health workers chosen by herders",
                "pay farmers at once when crops are damaged",
            ),
        ),
        Subject(
            "Cash, seeds and insurance against drought",
            "A single bad season makes families sell the animals that would have carried them "
            "through the next.",
            (
                "pay small sums early, when the first forecasts turn bad",
                "give out seed that ripens in seventy days",
                "test an insurance that pays by satellite image",
                "keep community grain stores",
            ),
        ),
        Subject(
            "Schools and water for displaced families",
            "Towns of twenty thousand receive as many displaced people, and wells, classrooms "
            "and patience run out.",
            (
                "extend water networks for hosts and guests alike",
                "add classrooms and teachers instead of camps’ schools",
                "enter births so that children exist on paper",
                "pay host families for materials they share",
            ),
        ),
        Subject(
            "Greening degraded land with its owners",
            "Every year the edge of the fields gives way, and with it the reason to stay.",
            (
                "restore hectares by half-moons and hedges",
                "pay for work in the hungry season",
                "start nurseries run by women’s groups",
                "measure with pictures from the ground and from above",
            ),
        ),
    ),
    "SOM10": (
        Subject(
            "Salaries and oversight of district courts",
            "Courts opened again, but judges go unpaid for months, and unpaid judges are paid "
            "by somebody.",
            (
                "pay verified staff every month through mobile accounts",
                "check attendance by independent visits",
                "publish payrolls by court and grade",
                "hand over one tenth of the cost to the treasury each year",
            ),
        ),
        Subject(
            "Teachers’ pay and district education offices",
            "Public schools have teachers whom nobody pays and lists of teachers who do not exist.",
            (
                "count teachers, school by school",
                "pay stipends monthly against verified lists",
                "train district officers to keep the list true",
                "let parents report absence by telephone",
            ),
        ),
        Subject(
            "Running costs of local administrations",
            "Councils were elected, but have neither an office nor a budget that anybody can see.",
            (
                "cover running costs by a formula that falls every year",
                "train accountants and publish quarterly accounts",
                "help to collect the first local taxes",
                "let citizens choose one investment a year",
            ),
        ),
    ),
    "CIV00": (
        Subject(
            "Médiation foncière et paix entre voisins",
            "Le retour des déplacés rouvre des conflits de terre que ni les chefs ni les "
            "tribunaux n’arrivent à régler seuls.",
            (
                "former des comités villageois de gestion foncière",
                "délimiter les terroirs avec les deux parties",
                "enregistrer les accords sans frais",
                "suivre chaque accord pendant un an",
            ),
        ),
        Subject(
            "Emploi des jeunes et services de proximité",
            "Dans les quartiers, un jeune sur deux n’a ni travail ni formation, et les services "
            "publics restent loin.",
            (
                "ouvrir des chantiers-écoles à haute intensité de main-d’œuvre",
                "accompagner les groupements d’épargne",
                "réhabiliter des centres de santé et des écoles",
                "associer les femmes médiatrices aux décisions",
            ),
        ),
        Subject(
            "Confiance entre forces de l’ordre et population",
            "Après la crise, la population hésite à porter plainte, et la police à se montrer.",
            (
                "rénover les commissariats et leurs salles d’accueil",
                "former à l’accueil des victimes",
                "tenir des journées portes ouvertes",
                "mesurer la confiance par enquête annuelle",
            ),
        ),
    ),
    "CLM00": (
        Subject(
            "Coastal protection chosen by villages",
            "The sea takes a metre of beach a year; walls built without the village are "
            "abandoned within five.",
            (
                "map risks with fishers, schools and elders",
                "plant mangroves where they hold and build where they do not",
                "move wells and clinics inland",
                "train a maintenance team on each island",
            ),
        ),
        Subject(
            "Fresh water through the dry months",
            "Salt creeps into wells, and a tanker comes only when it is too late.",
            (
                "install roofs and tanks at schools and churches",
                "test water every month and publish the result",
                "mend networks that lose half of what they carry",
                "run two solar desalination units as a trial",
            ),
        ),
        Subject(
            "Reef fisheries and warning of storms",
            "Catches shrink, and boats learn of storms when they are in them.",
            (
                "agree on closed seasons and closed reefs",
                "give radios and forecasts in local languages",
                "test cold storage run on sunlight",
                "share data with the regional centre",
            ),
        ),
    ),
    "HTI00": (
        Subject(
            "Safe homes and streets in rebuilt quarters",
            "Families live under sheets on the ground where their houses stood, next to "
            "buildings that the next tremor will bring down.",
            (
                "assess houses and mark them in three colours",
                "train masons and pay for repairs in stages",
                "clear rubble by paid work",
                "draw up street plans with the inhabitants",
            ),
        ),
        Subject(
            "Clinics and schools that withstand the next earthquake",
            "Half of all classrooms and most clinics of the region fell or stand closed.",
            (
                "rebuild to a standard that engineers sign for",
                "supply furniture, medicine and solar power",
                "keep two mobile teams until doors open",
                "hand over maintenance budgets to the communes",
            ),
        ),
        Subject(
            "Work and watersheds above the towns",
            "Bare slopes above the towns send down mud with every storm.",
            (
                "terrace slopes by paid work",
                "plant fruit trees owned by those who tend them",
                "clear and deepen canals before the season",
                "test early warning by telephone",
            ),
        ),
    ),
    "NUT00": (
        Subject(
            "Treatment of malnutrition in ordinary clinics",
            "Children are treated by projects, and when projects end treatment ends.",
            (
                "put therapeutic food on the list of what every clinic orders",
                "train health workers at their place of work",
                "teach mothers to measure by a coloured band",
                "report stock by telephone every week",
            ),
        ),
        Subject(
            "The first thousand days",
            "What a child misses before its second birthday no school will give back.",
            (
                "visit every pregnant woman four times",
                "give cash to mothers in the lean season",
                "start kitchen gardens at clinics",
                "let grandmothers teach what they now know",
            ),
        ),
        Subject(
            "School meals from nearby farms",
            "Pupils come hungry while farmers next door cannot sell.",
            (
                "contract farmers’ groups for the school year",
                "build kitchens that burn half the wood",
                "train cooks and pay them",
                "publish menus, suppliers and prices",
            ),
        ),
    ),
    "UKR00": (
        Subject(
            "Heat, water and power for host communities",
            "Networks built for ten thousand serve fifteen thousand, and repairs wait for parts.",
            (
                "replace pumps, pipes and boilers",
                "keep a store of parts for the region",
                "train crews in quick repair",
                "publish each contract and its price",
            ),
        ),
        Subject(
            "Services for displaced families in small towns",
            "Displaced families need a doctor, a school and papers in towns that had too few.",
            (
                "open service centres with one counter for all papers",
                "send mobile clinics on fixed days",
                "give grants to family firms",
                "train psychologists for schools",
            ),
        ),
    ),
    "DIG00": (
        Subject(
            "A shared civil register as open software",
            "Every ministry keeps its own list of citizens and pays for it every year.",
            (
                "publish the software with its documentation",
                "run it in two districts next to the paper register",
                "train a team in the ministry to keep it",
                "have its security tested and publish the result",
            ),
        ),
        Subject(
            "Open payments for social protection",
            "Grants reach families late, in cash, and one in ten not at all.",
            (
                "connect registers and mobile money through an open standard",
                "let families choose how they are paid",
                "answer complaints within ten days",
                "share the code among the countries",
            ),
        ),
    ),
}
