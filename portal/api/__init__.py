"""The programming interface /api/v1/: the same rows, filters and figures as the pages, to read."""
