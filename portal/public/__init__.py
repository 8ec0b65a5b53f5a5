"""The visitors' face: lists, factsheets, pages of funds, organizations, countries, records."""
