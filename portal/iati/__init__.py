"""Exchange of activities with other systems by the IATI standard: reading, loading, writing."""
