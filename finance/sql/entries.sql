-- Entries bear the fund of their project beside the fund that paid: where a project moves to
-- another fund, its entries go with it.
CREATE OR REPLACE FUNCTION finance_entries_follow_project() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    -- What the roll-ups hold of it moves with it: out of one sum and into another.
    INSERT INTO finance_fundfigure (at, measure, state, year, date_year, fund_id, project_fund_id,
        base_amount, records, unconverted)
    SELECT moment, measure, state, year, extract(year FROM date)::int, fund_id, moved_to,
        coalesce(sum(sign * turn * base_amount), 0), sum(sign * turn * records),
        sum(sign * turn * unconverted)
    FROM finance_entry
    CROSS JOIN LATERAL (VALUES (known_from, 1), (known_until, -1)) AS changes (moment, sign)
    CROSS JOIN LATERAL (VALUES (project_fund_id, -1), (NEW.fund_id, 1)) AS moves (moved_to, turn)
    WHERE project_id = NEW.id AND moment IS NOT NULL
    GROUP BY 1, 2, 3, 4, 5, 6, 7;
    INSERT INTO finance_fundfigure AS kept (measure, state, year, date_year, fund_id,
        project_fund_id, base_amount, records, unconverted)
    SELECT measure, state, year, extract(year FROM date)::int, fund_id, moved_to,
        coalesce(sum(turn * base_amount), 0), sum(turn * records), sum(turn * unconverted)
    FROM finance_entry
    CROSS JOIN LATERAL (VALUES (project_fund_id, -1), (NEW.fund_id, 1)) AS moves (moved_to, turn)
    WHERE project_id = NEW.id AND known_until IS NULL
    GROUP BY 1, 2, 3, 4, 5, 6
    ON CONFLICT (measure, state, year, date_year, coalesce(fund_id, 0),
        coalesce(project_fund_id, 0)) WHERE at IS NULL
    DO UPDATE SET base_amount = kept.base_amount + EXCLUDED.base_amount,
        records = kept.records + EXCLUDED.records,
        unconverted = kept.unconverted + EXCLUDED.unconverted;
    DELETE FROM finance_fundfigure WHERE at IS NULL
        AND base_amount = 0 AND records = 0 AND unconverted = 0;
    INSERT INTO finance_fundpartfigure (at, measure, state, year, date_year, fund_id,
        project_fund_id, organization_id, category_id, base_amount, records, unconverted)
    SELECT moment, measure, state, year, extract(year FROM date)::int, fund_id, moved_to,
        organization_id, category_id, coalesce(sum(sign * turn * base_amount), 0),
        sum(sign * turn * records), sum(sign * turn * unconverted)
    FROM finance_entry
    CROSS JOIN LATERAL (VALUES (known_from, 1), (known_until, -1)) AS changes (moment, sign)
    CROSS JOIN LATERAL (VALUES (project_fund_id, -1), (NEW.fund_id, 1)) AS moves (moved_to, turn)
    WHERE project_id = NEW.id AND moment IS NOT NULL
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9;
    INSERT INTO finance_fundpartfigure AS kept (measure, state, year, date_year, fund_id,
        project_fund_id, organization_id, category_id, base_amount, records, unconverted)
    SELECT measure, state, year, extract(year FROM date)::int, fund_id, moved_to,
        organization_id, category_id, coalesce(sum(turn * base_amount), 0), sum(turn * records),
        sum(turn * unconverted)
    FROM finance_entry
    CROSS JOIN LATERAL (VALUES (project_fund_id, -1), (NEW.fund_id, 1)) AS moves (moved_to, turn)
    WHERE project_id = NEW.id AND known_until IS NULL
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
    ON CONFLICT (measure, state, year, date_year, coalesce(fund_id, 0),
        coalesce(project_fund_id, 0), coalesce(organization_id, 0), coalesce(category_id, 0))
        WHERE at IS NULL
    DO UPDATE SET base_amount = kept.base_amount + EXCLUDED.base_amount,
        records = kept.records + EXCLUDED.records,
        unconverted = kept.unconverted + EXCLUDED.unconverted;
    DELETE FROM finance_fundpartfigure WHERE at IS NULL
        AND base_amount = 0 AND records = 0 AND unconverted = 0;
    INSERT INTO finance_organizationfigure (at, measure, state, year, date_year, organization_id,
        project_fund_id,
        base_amount, records, unconverted)
    SELECT moment, measure, state, year, extract(year FROM date)::int, organization_id,
        moved_to,
        coalesce(sum(sign * turn * base_amount), 0), sum(sign * turn * records),
        sum(sign * turn * unconverted)
    FROM finance_entry
    CROSS JOIN LATERAL (VALUES (known_from, 1), (known_until, -1)) AS changes (moment, sign)
    CROSS JOIN LATERAL (VALUES (project_fund_id, -1), (NEW.fund_id, 1)) AS moves (moved_to, turn)
    WHERE project_id = NEW.id AND organization_id IS NOT NULL
        AND moment IS NOT NULL
    GROUP BY 1, 2, 3, 4, 5, 6, 7;
    INSERT INTO finance_organizationfigure AS kept (measure, state, year, date_year, organization_id,
        project_fund_id, base_amount, records, unconverted)
    SELECT measure, state, year, extract(year FROM date)::int, organization_id,
        moved_to,
        coalesce(sum(turn * base_amount), 0), sum(turn * records), sum(turn * unconverted)
    FROM finance_entry
    CROSS JOIN LATERAL (VALUES (project_fund_id, -1), (NEW.fund_id, 1)) AS moves (moved_to, turn)
    WHERE project_id = NEW.id AND organization_id IS NOT NULL
        AND known_until IS NULL
    GROUP BY 1, 2, 3, 4, 5, 6
    ON CONFLICT (measure, state, year, date_year, coalesce(organization_id, 0),
        coalesce(project_fund_id, 0)) WHERE at IS NULL
    DO UPDATE SET base_amount = kept.base_amount + EXCLUDED.base_amount,
        records = kept.records + EXCLUDED.records,
        unconverted = kept.unconverted + EXCLUDED.unconverted;
    DELETE FROM finance_organizationfigure WHERE at IS NULL
        AND base_amount = 0 AND records = 0 AND unconverted = 0;
    PERFORM finance_sum_up_organizations(ARRAY(SELECT DISTINCT organization_id FROM finance_entry
        WHERE project_id = NEW.id AND organization_id IS NOT NULL));
    PERFORM finance_known_sums_anew(ARRAY(SELECT DISTINCT organization_id FROM finance_entry
        WHERE project_id = NEW.id AND organization_id IS NOT NULL), ARRAY[OLD.fund_id, NEW.fund_id]);
    UPDATE finance_entry SET project_fund_id = NEW.fund_id WHERE project_id = NEW.id;
    RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER entries_follow_project AFTER UPDATE OF fund_id ON projects_project
    FOR EACH ROW WHEN (OLD.fund_id IS DISTINCT FROM NEW.fund_id)
    EXECUTE FUNCTION finance_entries_follow_project();

-- Each project has its row of sums: lists join it, and sort by its indexes.
CREATE OR REPLACE FUNCTION finance_sums_of_project() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    INSERT INTO finance_projectsums (project_id, approved, transfer, refund, expenditure,
        expenditure_interim, expenditure_certified, approved_left_out, transfer_left_out, refund_left_out,
        expenditure_left_out, net_funded, balance, years)
    SELECT id, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '{}' FROM added;
    RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER sums_of_project AFTER INSERT ON projects_project
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT
    EXECUTE FUNCTION finance_sums_of_project();
