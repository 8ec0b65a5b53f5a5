"""Languages of the portal: catalogues of translations, and names that data keep in English."""
