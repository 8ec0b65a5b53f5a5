"""Exchange of activities with other systems by the IATI standard; knows no database."""
