"""Seals over releases, and verifying them and the figures."""
