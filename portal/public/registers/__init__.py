"""Registers of what stands above and below projects: decisions, sub-grants."""
