"""Following a project, fund, organization, contributor or search by e-mail, without an account."""
