"""What activities become here: projects, records, documents, and what is warned of."""
