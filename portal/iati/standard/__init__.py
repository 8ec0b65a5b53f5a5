"""The standard itself: its schemas, code lists and rules, from `portal/data/iati`."""
