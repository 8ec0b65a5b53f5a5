"""What records add up to: effects, key figures, figures of funds, totals, changes."""
