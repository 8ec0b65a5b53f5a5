"""Whether IATI files are as the standard asks: schema, rules, code lists, completeness."""
