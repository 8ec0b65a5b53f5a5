"""The nouns: funds, themes, projects, organizations, countries, contacts."""
