"""Closure of projects: what each organization still owes, and how a project's status moves."""
