"""Reports of participating organizations: which are due, what arrived, who is reminded."""
