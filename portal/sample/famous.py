"""Project 00102004, the one whose factsheet everything started from."""

from datetime import date

from portal.sample.story import (
    Budget,
    ExtensionPlan,
    Payment,
    ProjectPlan,
    Spending,
    last_of_year,
)

NARRATIVE = """\
Mali has a national policy on gender, and a permanent secretariat that is to see it carried out. \
What the secretariat lacked, when this project was prepared, was somebody whose whole work is \
violence against women and girls: the fighting since 2012 had brought rape, forced marriage and \
abduction to the north and the centre of the country, and several ministries, courts and aid \
agencies answered each in its own way.

The project pays for that one post. A national expert sits with the permanent secretariat, \
under its director, and not in an office of the United Nations, so that what is learnt stays \
where it is needed.

Her first task is a national strategy against gender-based violence, sexual violence in conflict \
included. She brings the ministries of women’s affairs, justice, health and security to one \
table, has drafts discussed in the regions by those who receive survivors every day, and leads \
the text to its adoption by the Government.

A strategy needs plans. For each of its parts an action plan says who does what by when and at \
what cost, and by which few figures anybody can tell whether it is done. The expert helps the \
ministries to write these plans, to put their cost into the budget of the state, and to report \
once a year.

The United Nations Development Programme carries the project out and is its only participating \
organization.

Names, places and dates that could lead to a person appear neither here nor in the documents \
below."""

FAMOUS = "00102004"
UNDP = "UNDP"


def famous_project() -> ProjectPlan:
    """All that the sample knows of it."""
    return ProjectPlan(
        number=FAMOUS,
        fund="UNA00",
        theme="UN Action Against Sexual Violence",
        approved_on=date(2016, 7, 28),
        start=date(2016, 9, 15),
        original_end=date(2017, 6, 14),
        title="Deployment of National Staff in Mali Supporting the development of a National "
        "Strategy on Gender Based Violence, including Sexual Violence in Conflict",
        label="UNA046 UNDP UNICEF MALI",
        narrative=NARRATIVE,
        status="operationally-closed",
        status_log=[
            ("pipeline", date(2016, 7, 28), "Approved by the Steering Committee."),
            ("on-going", date(2016, 9, 15), "First transfer."),
            ("operationally-closed", date(2018, 1, 22), "All activities are done."),
        ],
        extensions=[
            ExtensionPlan(
                date(2017, 6, 14),
                date(2017, 9, 13),
                date(2017, 5, 29),
                "The post was filled three months late; no extra cost.",
            )
        ],
        countries=[("UN", None)],
        organizations=[UNDP],
        partners=["NGO-ML-1"],
        budgets=_budgets(),
        payments=[
            Payment(date(2016, 9, 15), UNDP, "transfer", 247_170_00),
            Payment(date(2017, 3, 13), UNDP, "transfer", 164_780_00),
            Payment(date(2018, 10, 12), UNDP, "refund", -18_104_37, "Unspent balance returned"),
        ],
        spendings=_spendings(),
    )


def _budgets() -> list[Budget]:
    approved_on = date(2016, 7, 28)
    parts = (
        ("1", 148_000_00),
        ("2", 24_500_00),
        ("3", 31_200_00),
        ("4", 72_300_00),
        ("5", 38_000_00),
        ("6", 48_000_00),
        ("7", 23_000_00),
        ("8", 26_950_00),
    )
    lines = [Budget(approved_on, UNDP, code, cents) for code, cents in parts]
    moved = 6_400_00
    note = "Revision with the extension"
    lines.append(Budget(date(2017, 5, 29), UNDP, "5", -moved, note))
    lines.append(Budget(date(2017, 5, 29), UNDP, "1", moved, note))
    return lines


def _spendings() -> list[Spending]:
    years = {
        2016: {"1": 21_480_15, "2": 3_912_40, "5": 6_204_88, "7": 2_118_00, "8": 2_360_08},
        2017: {
            "1": 124_655_72,
            "2": 18_730_05,
            "3": 30_941_60,
            "4": 66_018_33,
            "5": 22_470_91,
            "6": 46_500_00,
            "7": 17_902_44,
            "8": 22_905_33,
        },
        2018: {"1": 3_120_00, "4": 4_260_50, "5": -1_184_26, "7": 806_75, "8": 490_21},
    }
    return [
        Spending(UNDP, year, code, "reported", cents, last_of_year(year))
        for year, by_code in years.items()
        for code, cents in by_code.items()
    ]
