"""All public data in one package: tables that join, with their meaning, sums and seal."""
