-- Lists of vouchers sort by the names of payee and fund, which stand beside their sums: where such a
-- name changes, they change with it.
CREATE OR REPLACE FUNCTION finance_payee_renamed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    UPDATE finance_vouchersums SET payee_name = NEW.sort_name
        WHERE voucher_id IN (SELECT id FROM finance_voucher WHERE payee_id = NEW.id);
    RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER payee_renamed AFTER UPDATE ON projects_organization
    FOR EACH ROW WHEN (OLD.sort_name IS DISTINCT FROM NEW.sort_name)
    EXECUTE FUNCTION finance_payee_renamed();

CREATE OR REPLACE FUNCTION finance_fund_renamed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    UPDATE finance_vouchersums SET fund_name = NEW.sort_name
        WHERE voucher_id IN (SELECT id FROM finance_voucher WHERE fund_id = NEW.id);
    RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER fund_renamed AFTER UPDATE ON projects_fund
    FOR EACH ROW WHEN (OLD.sort_name IS DISTINCT FROM NEW.sort_name)
    EXECUTE FUNCTION finance_fund_renamed();
