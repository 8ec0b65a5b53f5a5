"""How dates are written in forms and filters: ISO in every language, or its own whole form.

Two digits of a year, and 05/02/2025 in English, which means two days, are refused.
"""
