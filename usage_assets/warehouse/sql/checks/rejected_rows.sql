-- grain: one window with rejected rows, by reason and currency; `amount` is their readable cost
-- key: account_id, report, window_start, window_end, reason, currency
with first_lines as (
    select
        account_id,
        report,
        window_start,
        window_end,
        min(file_row) as first_line
    from rejected_rows
    group by all
)

select
    findings.account_id,
    findings.report,
    findings.window_start,
    findings.subject as reason,
    first_lines.first_line,
    findings.currency,
    findings.affected_rows,
    findings.amount
from bookkeeping.load_findings as findings
left join first_lines using (account_id, report, window_start, window_end)
where findings.check_name = 'rejected_rows'
order by findings.window_start desc, findings.account_id, findings.subject, findings.currency
