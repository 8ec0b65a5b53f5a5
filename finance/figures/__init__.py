"""What records add up to: entries, key figures, figures of funds, totals, changes."""
