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
Since fighting began in the north of Mali in 2012, women, girls and also boys and men have been \
raped, forced into marriage or held as slaves by armed groups. Few of them have spoken of it to \
a doctor, fewer to a judge. When the project was prepared, not one of more than a hundred \
complaints filed in Bamako on behalf of survivors had come to trial.

The project takes the view that care and justice fail for the same reason: whoever seeks \
either has to tell strangers, several times, in rooms where others listen. It therefore \
starts with places. In Bamako, Gao and Mopti it equips centres in which a midwife, a \
psychologist and a paralegal work side by side, and where one file follows the survivor by her \
consent.

Its second part is the court. An adviser on investigations works in the office of the public \
prosecutor, and a small team of magistrates and gendarmes learns to interview survivors without \
harming them, to keep evidence, and to recognize rape as part of a crime under international \
law. Lawyers are paid to accompany those who decide to testify, and only those.

The third part is the law itself. With the ministry in charge of women’s affairs the project \
supports a national committee that prepares a bill on gender-based violence, and the follow-up \
of the joint communiqué on conflict-related sexual violence that the Government and the United \
Nations are to sign.

The United Nations Development Programme carries the project out and is its only participating \
organization. UNICEF took part in its preparation, which is why the ledger’s label still names \
it; it receives no funds.

Names, places and dates that could lead to a person appear neither here nor in the documents \
below. Figures are given by region and quarter."""

UNDP = "UNDP"


def famous_project() -> ProjectPlan:
    """All that the sample knows of it."""
    return ProjectPlan(
        number="00102004",
        fund="UNA00",
        theme="UN Action Against Sexual Violence",
        approved_on=date(2016, 7, 28),
        start=date(2016, 9, 15),
        original_end=date(2017, 6, 14),
        title="Access to care and justice for survivors of conflict-related sexual violence "
        "in Mali",
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
                "The adviser’s post was filled three months late; no extra cost.",
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
