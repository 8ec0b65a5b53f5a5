"""What kinds of files hold, declared: entities, approvals, and the columns that kinds share."""
