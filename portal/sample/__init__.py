"""The sample portfolio: invented funds, projects and figures, always the same ones.

`portfolio.py` invents everything without a database, from fixed seeds and up to one fixed
day; `ledger.py` lays the figures out as the source files of an office's history; `store.py`
takes all in the way a real office's data come in: loads, released one after the other.
"""
