"""Files made of tables and pages: Excel, CSV, JSON, PDF, and what each says of itself."""
