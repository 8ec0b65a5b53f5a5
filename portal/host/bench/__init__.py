"""Measurements of the portal, each beside a floor taken in the same run."""
