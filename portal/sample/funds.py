"""The sample's funds: what they pay for, where, through whom, and how generously."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Subject:
    """What a project may be about."""

    title: str
    problem: str
    activities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FundSpec:
    """One fund and the shape of its portfolio; sizes in thousand US$."""

    code: str
    name: str
    theme: str
    description: str
    first_year: int
    last_year: int | None
    projects: int
    countries: tuple[str, ...]
    organizations: tuple[str, ...]
    contributors: tuple[str, ...]
    size: tuple[int, int]
    monthly: bool = False
    direct_cost: str = ""


FUNDS = (
    FundSpec(
        "UNA00",
        "UN Action Against Sexual Violence",
        "UN Action Against Sexual Violence",
        "Pools money for survivors of conflict-related sexual violence, for those who bring "
        "perpetrators to court, and for the experts who advise governments on both.",
        2008,
        None,
        30,
        ("ML", "CD", "CF", "CI", "SO", "SS", "BA", "CO"),
        ("UNDP", "UNICEF", "UNFPA", "UN-WOMEN", "OHCHR", "UNHCR", "WHO", "IOM"),
        ("GOV-SE", "GOV-NO", "GOV-GB", "GOV-IE", "GOV-DK"),
        (180, 1_400),
    ),
    FundSpec(
        "PBR00",
        "Peace and Recovery Fund",
        "Peace and Social Cohesion",
        "Pays for the first steps out of violence: dialogue, reintegration, and services that "
        "people see return. It serves countries that ask for it, on any continent.",
        2008,
        None,
        70,
        ("LR", "SL", "BI", "GN", "NP", "LK", "KG", "GT", "CY", "YE", "BA", "CF"),
        ("UNDP", "UNICEF", "IOM", "UN-WOMEN", "UNFPA", "FAO", "UNESCO", "OHCHR", "UNHCR", "ILO"),
        ("GOV-SE", "GOV-NO", "GOV-DE", "GOV-NL", "GOV-GB", "GOV-CA", "GOV-JP", "INDIVIDUALS"),
        (400, 4_200),
        direct_cost="UNDP",
    ),
    FundSpec(
        "SAH00",
        "Sahel Livelihoods Fund",
        "Resilience of Herders and Farmers in the Sahel",
        "Helps herding and farming communities across five countries to live with drought, with "
        "each other, and with fewer reasons to leave.",
        2013,
        None,
        35,
        ("ML", "NE", "BF", "TD", "MR"),
        ("FAO", "WFP", "UNDP", "UNICEF", "IOM", "UNHCR"),
        ("GOV-DE", "GOV-SE", "GOV-DK", "GOV-IE", "LANTERN"),
        (600, 5_000),
    ),
    FundSpec(
        "SOM10",
        "Somalia Public Services Fund",
        "Public Administration and Justice",
        "Pays salaries, training and running costs of courts, schools and local administrations "
        "month by month, while the State rebuilds its own revenue.",
        2012,
        None,
        14,
        ("SO",),
        ("UNDP", "UNOPS", "UN-HABITAT", "UNODC"),
        ("GOV-GB", "GOV-NO", "GOV-SE", "GOV-NL", "GOV-JP"),
        (9_000, 30_000),
        monthly=True,
        direct_cost="UNOPS",
    ),
    FundSpec(
        "CIV00",
        "Fonds pour la cohésion sociale en Côte d’Ivoire",
        "Peace and Social Cohesion",
        "Finance le retour de la confiance entre voisins: médiation foncière, emploi des jeunes, "
        "services publics de proximité.",
        2011,
        2023,
        25,
        ("CI",),
        ("UNDP", "UNICEF", "UNFPA", "FAO", "UNHCR", "UN-WOMEN"),
        ("GOV-DE", "GOV-NL", "GOV-CA", "GOV-JP"),
        (250, 2_200),
    ),
    FundSpec(
        "CLM00",
        "Small Islands Climate Fund",
        "Climate Adaptation of Small Islands",
        "Lets island communities choose how to adapt to a rising and warming sea, and pays for "
        "it in amounts that they can manage.",
        2014,
        None,
        30,
        ("FJ", "VU", "KI", "TV", "MV", "CV", "WS"),
        ("UNEP", "UNDP", "FAO", "UNESCO", "UN-HABITAT"),
        ("GOV-NO", "GOV-DE", "GOV-KR", "LANTERN", "MERIDIAN"),
        (150, 1_900),
    ),
    FundSpec(
        "HTI00",
        "Haiti Rebuilding Fund",
        "Recovery of Local Infrastructure and Services",
        "Opened after the earthquake of 2010 to rebuild homes, clinics and schools in quarters "
        "chosen with their inhabitants; closed to new projects since 2017.",
        2010,
        2017,
        30,
        ("HT",),
        ("UNDP", "UNICEF", "UN-HABITAT", "UNOPS", "ILO", "WHO", "UNFPA", "UNEP"),
        ("GOV-CA", "GOV-NO", "GOV-JP", "GOV-SE", "INDIVIDUALS"),
        (500, 6_500),
        direct_cost="UNDP",
    ),
    FundSpec(
        "NUT00",
        "Mothers and Children Nutrition Fund",
        "Nutrition of Mothers and Children",
        "Brings treatment of malnutrition into ordinary clinics and keeps it there, so that "
        "fewer children are ever in danger.",
        2010,
        None,
        30,
        ("ET", "YE", "NP", "SS", "TD", "LA", "TH"),
        ("UNICEF", "WFP", "WHO", "FAO", "UNFPA"),
        ("GOV-GB", "GOV-IE", "GOV-CA", "GOV-NL", "LANTERN", "INDIVIDUALS"),
        (300, 3_600),
    ),
    FundSpec(
        "UKR00",
        "Ukraine Communities Fund",
        "Recovery of Local Infrastructure and Services",
        "Supports municipalities that shelter displaced families and repair what people need "
        "every day: heat, water, schools, clinics.",
        2015,
        None,
        18,
        ("UA",),
        ("UNDP", "UN-WOMEN", "IOM", "UNOPS", "WHO", "UNICEF"),
        ("GOV-DE", "GOV-SE", "GOV-DK", "GOV-NL", "GOV-CA", "GOV-GB"),
        (700, 6_000),
    ),
    FundSpec(
        "DIG00",
        "Digital Public Goods Fund",
        "Digital Public Services",
        "The youngest of the funds: open software and registers that several countries share "
        "instead of each buying its own.",
        2023,
        None,
        18,
        ("RW", "KE", "SL", "LA", "KG", "GT", "FJ"),
        ("UNDP", "UNICEF", "WHO", "ILO", "UNIDO"),
        ("GOV-KR", "GOV-NO", "GOV-DE", "MERIDIAN"),
        (250, 1_800),
    ),
)
