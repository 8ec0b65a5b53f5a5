-- All records of money, each once: what a load changed, and what was told of an organization.
DROP VIEW IF EXISTS finance_statedrecord;
CREATE VIEW finance_statedrecord AS
SELECT id, 'budgetline'::text AS kind, load_id, withdrawn_by_id, line, project_id AS project_id,
    organization_id AS organization_id, NULL::bigint AS voucher_id, date, amount, currency::text,
    rate, base_amount, restates_id FROM finance_budgetline
UNION ALL
SELECT id, 'voucherline'::text AS kind, load_id, withdrawn_by_id, line, project_id AS project_id,
    organization_id AS organization_id, voucher_id AS voucher_id, date, amount, currency::text,
    rate, base_amount, restates_id FROM finance_voucherline
UNION ALL
SELECT id, 'expenditureline'::text AS kind, load_id, withdrawn_by_id, line, project_id AS project_id,
    organization_id AS organization_id, NULL::bigint AS voucher_id, date, amount, currency::text,
    rate, base_amount, restates_id FROM finance_expenditureline
UNION ALL
SELECT id, 'commitment'::text AS kind, load_id, withdrawn_by_id, line, project_id AS project_id,
    contributor_id AS organization_id, NULL::bigint AS voucher_id, date, amount, currency::text,
    rate, base_amount, restates_id FROM finance_commitment
UNION ALL
SELECT id, 'deposit'::text AS kind, load_id, withdrawn_by_id, line, project_id AS project_id,
    contributor_id AS organization_id, NULL::bigint AS voucher_id, date, amount, currency::text,
    rate, base_amount, restates_id FROM finance_deposit
UNION ALL
SELECT id, 'fundcost'::text AS kind, load_id, withdrawn_by_id, line, NULL::bigint AS project_id,
    organization_id AS organization_id, NULL::bigint AS voucher_id, date, amount, currency::text,
    rate, base_amount, restates_id FROM finance_fundcost
UNION ALL
SELECT id, 'otherflow'::text AS kind, load_id, withdrawn_by_id, line, project_id AS project_id,
    organization_id AS organization_id, NULL::bigint AS voucher_id, date, amount, currency::text,
    rate, base_amount, restates_id FROM finance_otherflow
UNION ALL
SELECT id, 'subgrant'::text AS kind, load_id, withdrawn_by_id, line, project_id AS project_id,
    organization_id AS organization_id, NULL::bigint AS voucher_id, date, amount, currency::text,
    rate, base_amount, restates_id FROM finance_subgrant;
