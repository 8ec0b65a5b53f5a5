"""The entities: funds, themes, projects, organizations, countries, contacts."""
