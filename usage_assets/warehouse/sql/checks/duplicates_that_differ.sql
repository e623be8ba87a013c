-- grain: one account and report with rows left out as duplicates although their money or tokens differ and no
-- `updated_at` says which is newer, by currency; `amount` is the money left out; key: account_id, report, currency
select
    account_id,
    report,
    currency,
    min(window_start) as first_window,
    max(window_start) as last_window,
    sum(affected_rows)::bigint as affected_rows,
    sum(amount) as amount,
    sum(tokens)::hugeint as tokens
from bookkeeping.load_findings
where check_name = 'duplicates_that_differ'
group by account_id, report, currency
order by last_window desc, account_id, report, currency
