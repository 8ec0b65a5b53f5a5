"""Titles and narratives of the sample's projects, put together from sentences."""

import csv
from functools import cache

from portal.host.reference import DATA
from portal.sample.funds import FundSpec, Subject
from portal.sample.names import ORGANIZATIONS
from portal.sample.story import ProjectPlan, dice
from portal.sample.subjects import SUBJECTS

IN_PROSE = {
    "CF": "the Central African Republic",
    "CD": "the Democratic Republic of the Congo",
    "LA": "the Lao People’s Democratic Republic",
    "MV": "the Maldives",
    "1030": "Western Africa",
    "889": "Oceania",
    "298": "Africa",
    "GLOBAL": "several regions of the world",
}
PLACES = (
    "{country}",
    "{country}",
    "three districts of {country}",
    "the north of {country}",
    "the border areas of {country}",
    "the towns of {country}",
    "the south and east of {country}",
    "hard-to-reach parts of {country}",
)
ISLANDS = ("FJ", "VU", "KI", "TV", "MV", "CV", "WS")
UNDIVIDED = ("CY",)
PLACES_ISLANDS = ("{country}", "the outer islands of {country}", "four islands of {country}")
PLACES_FR = (
    "en Côte d’Ivoire",
    "dans l’ouest de la Côte d’Ivoire",
    "dans trois régions de Côte d’Ivoire",
    "à Abidjan et Bouaké",
    "dans les zones frontalières de Côte d’Ivoire",
)
OPENINGS = (
    "The project works in {place}. {problem}",
    "{problem} This is what the project sets out to change in {place}.",
    "When the fund’s Steering Committee asked for proposals from {place}, one finding stood "
    "out. {problem}",
    "{problem}",
)
ROLES = (
    "{lead} leads the work and answers for the results{others}.",
    "The work is carried out by {lead}{others}; the fund office only passes the money on.",
    "{lead} receives the funds and manages them under its own financial rules{others}.",
)
PARTNERSHIPS = (
    "In the field it relies on {partners}, who know the people and are known by them.",
    "{partners} carries out the part of the work that needs to be done from door to door.",
)
RESULTS = (
    "By the end, {count} people are expected to have used what the project built, at least "
    "half of them women. Results are checked by visits that nobody announces.",
    "The target is {count} people reached directly. An independent evaluation looks at what "
    "is left of it one year later.",
    "Success is measured by three questions put to {count} households before and after: what "
    "changed, for whom, and would it have changed anyway.",
    "About {count} people take part. What they say of the project is published with its "
    "annual report.",
)
LESSONS = (
    "Earlier projects of this kind ended when the money did. This one hands over step by step: "
    "from the second year on, local budgets pay a rising share of running costs.",
    "The main risks are access, prices and turnover of staff. Each has an owner, a threshold "
    "and a plan, and the Steering Committee sees the list every six months.",
    "The project does not name persons or places that could be put in danger; its reports "
    "give figures by district only.",
    "What did not work is reported too: the second round of grants was given out three months "
    "late, because the first had shown that receipts could not be collected by telephone.",
    "Procurement follows the rules of the participating organization. Contracts above the "
    "threshold are published on its own site.",
)
LOCAL = {
    "YE": "يعمل المشروع مع المجتمعات المحلية على تحسين الخدمات الصحية للأمهات والأطفال.",
    "TD": "يهدف المشروع إلى دعم الرعاة والمزارعين وتقاسم المياه بسلام.",
    "ET": "ፕሮጀክቱ የእናቶችንና የሕፃናትን ጤና ለማሻሻል ከአካባቢው ማኅበረሰብ ጋር ይሠራል።",
    "NP": "यो परियोजना स्थानीय समुदायसँग मिलेर काम गर्छ।",
    "TH": "โครงการนี้ทำงานร่วมกับชุมชนในพื้นที่",
    "UA": "Проєкт допомагає громадам відновлювати тепло, воду, школи та лікарні.",
    "CY": "Το έργο φέρνει κοντά νέους και από τις δύο κοινότητες.",
}
COUNTS = ("1,200", "3,400", "6,000", "9,500", "14,000", "27,000", "48,000")


@cache
def country_names() -> dict[str, str]:
    """The name of each place by its code."""
    with (DATA / "countries.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file)}


def in_prose(code: str) -> str:
    """A place as it stands in a sentence."""
    return IN_PROSE.get(code) or country_names()[code]


def describe(plan: ProjectPlan, spec: FundSpec, titles: set[str]) -> None:
    """Give the project title, label, narrative and language."""
    chance = dice(plan.number, "words")
    subject = chance.choice(SUBJECTS[spec.code])
    french = spec.code == "CIV00"
    place = _place(plan, french)
    plan.title = _unique(_title(plan, subject, place, french), titles, french)
    plan.language = "fr" if french else "en"
    plan.label = _label(plan, spec, len(titles))
    plan.narrative = _french(plan, subject) if french else _narrative(plan, subject, place)


def _place(plan: ProjectPlan, french: bool) -> str:
    chance = dice(plan.number, "place")
    if french:
        return chance.choice(PLACES_FR)
    names = [in_prose(code) for code, _share in plan.countries]
    if len(names) > 1:
        return f"{', '.join(names[:-1])} and {names[-1]}"
    if not plan.countries[0][0].isalpha() or plan.countries[0][0] == "GLOBAL":
        return names[0]
    if plan.countries[0][0] in UNDIVIDED:
        return names[0]
    islands = plan.countries[0][0] in ISLANDS
    return chance.choice(PLACES_ISLANDS if islands else PLACES).format(country=names[0])


def _title(plan: ProjectPlan, subject: Subject, place: str, french: bool) -> str:
    if french:
        return f"{subject.title} {place}"
    if plan.trait == "programme":
        return f"Programme: {subject.title[0].lower()}{subject.title[1:]}, {place}"
    return f"{subject.title} in {place}"


def _unique(title: str, titles: set[str], french: bool) -> str:
    phase, name = 1, title
    while name in titles:
        phase += 1
        name = f"{title}, phase {phase}" if french else f"{title} (phase {phase})"
    titles.add(name)
    return name


def _label(plan: ProjectPlan, spec: FundSpec, count: int) -> str:
    """As the ledger writes it: short, in capitals, cut at 30 characters."""
    country = country_names()[plan.countries[0][0]].upper()
    organizations = " ".join(code.replace("-", "") for code in plan.organizations)
    return f"{spec.code[:3]}{count % 1000:03d} {organizations} {country}"[:30]


def _names(codes: list[str]) -> str:
    full = {org.code: org.name for org in ORGANIZATIONS}
    names = [full[code] for code in codes]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _narrative(plan: ProjectPlan, subject: Subject, place: str) -> str:
    chance = dice(plan.number, "narrative")
    first = chance.choice(OPENINGS).format(place=place, problem=subject.problem)
    acts = chance.sample(subject.activities, chance.choice((3, 3, 4)))
    body = f"The project will {', '.join(acts[:-1])}, and {acts[-1]}."
    others = ""
    if len(plan.organizations) > 1:
        others = f", together with {_names(plan.organizations[1:])}"
    role = chance.choice(ROLES).format(lead=_names(plan.organizations[:1]), others=others)
    if plan.partners:
        role += " " + chance.choice(PARTNERSHIPS).format(partners=_names(plan.partners))
    paragraphs = [first, body, role]
    paragraphs.append(chance.choice(RESULTS).format(count=chance.choice(COUNTS)))
    paragraphs.append(chance.choice(LESSONS))
    local = LOCAL.get(plan.countries[0][0])
    if local and len(plan.countries) == 1:
        paragraphs[chance.randint(2, 3)] = local
    keep = chance.choice((2, 3, 3, 4, 5, 5))
    if keep < 5 and not local:
        paragraphs = [paragraphs[0], *paragraphs[1:keep]]
    return "\n\n".join(paragraphs)


def _french(plan: ProjectPlan, subject: Subject) -> str:
    chance = dice(plan.number, "récit")
    acts = chance.sample(subject.activities, 3)
    paragraphs = [
        subject.problem,
        f"Le projet prévoit {' ; '.join(_de(act) for act in acts)}."
        " Les comités locaux choisissent les sites et en suivent les travaux.",
        f"Environ {chance.choice(COUNTS).replace(',', ' ')} personnes y participent, dont au "
        "moins la moitié de femmes. Les résultats sont vérifiés par des visites non annoncées.",
    ]
    return "\n\n".join(paragraphs[: chance.choice((2, 3, 3))])


def _de(verb: str) -> str:
    """With the French preposition: “d’ouvrir”, “de former”."""
    return f"d’{verb}" if verb[0] in "aeéiou" else f"de {verb}"
