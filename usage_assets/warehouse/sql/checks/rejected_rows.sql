-- grain: one window with lines that could not be loaded, by reason and currency; `amount` as far as it can be read
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
    doubts.account_id,
    doubts.report,
    doubts.window_start,
    doubts.subject as reason,
    first_lines.first_line,
    doubts.currency,
    doubts.affected_rows,
    doubts.amount
from bookkeeping.load_findings as doubts
left join first_lines using (account_id, report, window_start, window_end)
where doubts.check_name = 'rejected_rows'
order by doubts.window_start desc, doubts.account_id, doubts.subject, doubts.currency
