"""The way of the money, as it is drawn."""

from decimal import Decimal
from types import SimpleNamespace

from finance.reports.charts import columns_across


def node(name: str, value: int, left_out: int = 0) -> SimpleNamespace:
    """A place that money comes to."""
    return SimpleNamespace(name=name, value=Decimal(value), left_out=left_out)


def test_below_each_other_all_bars_have_one_scale_and_say_what_they_leave_out():
    given, fund = columns_across(
        [("From", [node("A", 50), node("B", 25, 2)]), ("Fund", [node("F", 100)])]
    )
    assert [given["title"], fund["title"]] == ["From", "Fund"]
    assert [bar["final"] for bar in (*given["bars"], *fund["bars"])] == [50, 25, 100]
    assert "2 amounts" in given["bars"][1]["words"]
