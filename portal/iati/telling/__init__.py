"""What loaded IATI tells of a project beside its money: subjects, results, locations."""
