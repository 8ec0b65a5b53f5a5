"""Who takes part in the sample: organizations under their real acronyms, all else invented."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Org:
    """An organization of the sample."""

    code: str
    name: str
    short: str
    kind: str
    country: str = ""
    iati: str = ""
    ledger: str = ""


def _ledger_entry(short: str) -> str:
    return f"{short} - {short}(MDTF/PUNO only)"


def _un(code: str, name: str, channel: str = "", short: str = "") -> Org:
    iati = f"XM-DAC-{channel}" if channel else ""
    return Org(code, name, short or code, "un", "", iati, _ledger_entry(short or code))


UN = (
    _un("UNDP", "United Nations Development Programme", "41114"),
    _un("UNICEF", "United Nations Children’s Fund", "41122"),
    _un("UNFPA", "United Nations Population Fund", "41119"),
    _un("WFP", "World Food Programme", "41140"),
    _un("FAO", "Food and Agriculture Organization of the United Nations", "41301"),
    _un("UNHCR", "Office of the United Nations High Commissioner for Refugees", "41121"),
    _un("IOM", "International Organization for Migration", "47066"),
    _un("UNOPS", "United Nations Office for Project Services", "41502"),
    _un(
        "UN-WOMEN",
        "United Nations Entity for Gender Equality and the Empowerment of Women",
        "41146",
        "UN Women",
    ),
    _un("UNESCO", "United Nations Educational, Scientific and Cultural Organization", "41304"),
    _un("ILO", "International Labour Organization", "41302"),
    _un("WHO", "World Health Organization", "41143"),
    _un("UNEP", "United Nations Environment Programme", "41116"),
    _un("UN-HABITAT", "United Nations Human Settlements Programme", "41120", "UN-Habitat"),
    _un("UNODC", "United Nations Office on Drugs and Crime", "41128"),
    _un("UNIDO", "United Nations Industrial Development Organization", "41123"),
    _un("OHCHR", "Office of the United Nations High Commissioner for Human Rights", "41313"),
)

CONTRIBUTORS = (
    Org("GOV-SE", "Government of Sweden", "Sweden", "government", "SE"),
    Org("GOV-NO", "Government of Norway", "Norway", "government", "NO"),
    Org("GOV-GB", "Government of the United Kingdom", "United Kingdom", "government", "GB"),
    Org("GOV-DE", "Government of Germany", "Germany", "government", "DE"),
    Org("GOV-NL", "Government of the Netherlands", "Netherlands", "government", "NL"),
    Org("GOV-DK", "Government of Denmark", "Denmark", "government", "DK"),
    Org("GOV-CA", "Government of Canada", "Canada", "government", "CA"),
    Org("GOV-JP", "Government of Japan", "Japan", "government", "JP"),
    Org("GOV-IE", "Government of Ireland", "Ireland", "government", "IE"),
    Org("GOV-KR", "Government of the Republic of Korea", "Republic of Korea", "government", "KR"),
    Org("LANTERN", "Lantern Hill Foundation (invented)", "Lantern Hill", "foundation", "CH"),
    Org("MERIDIAN", "Meridian Telecom Group (invented)", "Meridian", "private", "KE"),
    Org("INDIVIDUALS", "Individuals, as a sum", "Individuals", "individuals"),
    Org("FUND-PBR00", "Peace and Recovery Fund, as contributor", "PBR00", "fund"),
)

PARTNERS = (
    Org("NGO-YE-1", "جمعية الأمل لصحة الأم والطفل", "الأمل", "nngo", "YE"),
    Org("NGO-TD-1", "منظمة الواحة للتنمية الريفية", "الواحة", "nngo", "TD"),
    Org("NGO-ET-1", "የሰላም እና ልማት ማህበር", "ሰልማ", "nngo", "ET"),
    Org("NGO-NP-1", "हिमाल सामुदायिक विकास केन्द्र", "हिमाल", "nngo", "NP"),
    Org("NGO-TH-1", "มูลนิธิสายน้ำเพื่อชุมชน", "สายน้ำ", "nngo", "TH"),
    Org("NGO-UA-1", "Громадська спілка «Відбудова разом»", "Відбудова", "nngo", "UA"),
    Org("NGO-CY-1", "Γέφυρα – Κέντρο Κοινοτικού Διαλόγου", "Γέφυρα", "nngo", "CY"),
    Org("NGO-CI-1", "Réseau des femmes médiatrices de Côte d’Ivoire", "RFMCI", "nngo", "CI"),
    Org("NGO-ML-1", "Association Sigida Nyèta", "ASN", "nngo", "ML"),
    Org("NGO-HT-1", "Òganizasyon Peyizan Men nan Men", "OPMM", "nngo", "HT"),
    Org("NGO-SO-1", "Daryeel Relief and Education", "Daryeel", "nngo", "SO"),
    Org("NGO-INT-1", "Bridges Without Borders International", "BWBI", "ingo", "KE"),
)

# Former names, names in other languages, and of organizations that merged into it.
OTHER_NAMES = {
    "UNDP": ("PNUD", "Programme des Nations Unies pour le développement"),
    "UNICEF": ("United Nations International Children’s Emergency Fund",),
    "UNFPA": ("United Nations Fund for Population Activities", "FNUAP"),
    "WFP": ("PAM", "Programme alimentaire mondial"),
    "UNHCR": ("HCR", "United Nations Refugee Agency"),
    "IOM": ("OIM", "Intergovernmental Committee for Migration"),
    "UN-WOMEN": ("UNIFEM", "United Nations Development Fund for Women", "ONU Femmes"),
    "ILO": ("OIT", "International Labor Organization"),
    "WHO": ("OMS",),
    "UNEP": ("PNUE", "UN Environment"),
    "UN-HABITAT": ("United Nations Centre for Human Settlements",),
    "UNODC": ("United Nations International Drug Control Programme", "UNDCP"),
    "UNIDO": ("ONUDI",),
    "OHCHR": ("HCDH", "Centre for Human Rights"),
    "GOV-SE": ("Kingdom of Sweden", "Sida", "Swedish Government"),
    "GOV-NO": ("Kingdom of Norway", "Norad", "Norwegian Government"),
    "GOV-GB": ("UK", "DFID", "FCDO", "British Government"),
    "GOV-DE": ("BMZ", "Federal Republic of Germany", "German Government"),
    "GOV-NL": ("Holland", "Dutch Government"),
    "GOV-DK": ("Danida", "Danish Government"),
    "GOV-CA": ("CIDA", "Canadian Government"),
    "GOV-IE": ("Irish Aid", "Irish Government"),
    "GOV-KR": ("South Korea", "KOICA", "Korean Government"),
    "GOV-JP": ("Japanese Government",),
}

ORGANIZATIONS = UN + CONTRIBUTORS + PARTNERS

# Given names and family names of invented officers; anybody's likeness is chance.
GIVEN = (
    "Amina", "Jonas", "Sofía", "Kwame", "Ingrid", "Rahel", "Tomás", "Mei", "Olena", "Idris",
    "Chiara", "Samuel", "Nadia", "Pierre", "Yuki", "Fatou", "Lars", "Anjali", "Dimitris", "Grace",
)  # fmt: skip
FAMILY = (
    "Okafor", "Lindqvist", "Mensah", "Fernández", "Haddad", "Tesfaye", "Kowalski", "Tanaka",
    "Moreau", "Shevchenko", "Ndiaye", "O’Brien", "Sharma", "Papadakis", "Berg", "Traoré",
)  # fmt: skip
