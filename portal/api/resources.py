"""What there is to ask for, in the order of the documentation."""

from portal.api import approvals, entities, money, parts, publications, records

LISTS = {
    "projects": entities.Projects,
    "funds": entities.Funds,
    "organizations": entities.Organizations,
    "countries": entities.Countries,
    "participations": parts.Participations,
    "places": parts.Places,
    "status-changes": parts.StatusChanges,
    "contributors": money.Contributors,
    "arrangements": money.Arrangements,
    "commitments": records.Commitments,
    "deposits": records.Deposits,
    "vouchers": money.Vouchers,
    "voucher-lines": money.VoucherLines,
    "budgets": money.Budgets,
    "expenditures": money.Expenditures,
    "fund-costs": records.FundCosts,
    "other-flows": records.OtherFlows,
    "decisions": approvals.Decisions,
    "sub-grants": approvals.SubGrants,
    "documents": publications.Documents,
    "reports": publications.Reports,
    "budget-categories": records.Categories,
    "rates": records.Rates,
    "sources": records.Sources,
    "loads": publications.Loads,
    "figures": publications.Figures,
}
DETAILS = {
    # A project number may hold slashes.
    "projects/<path:number>": entities.ProjectDetail,
    "funds/<str:code>": entities.FundDetail,
    "organizations/<str:code>": entities.OrganizationDetail,
    "countries/<str:code>": entities.CountryDetail,
    "contributors/<str:code>": money.ContributorDetail,
    "vouchers/<int:pk>": money.VoucherDetail,
    "documents/<int:pk>": publications.DocumentDetail,
    "loads/<int:pk>": publications.LoadDetail,
}
