-- grain: one window with rejected rows, by reason and currency of their charges
-- key: check_name, account_id, report, window_start, window_end, subject, currency
insert into bookkeeping.load_findings by name
select
    'rejected_rows' as check_name,
    staged.account_id,
    staged.report,
    staged.window_start,
    staged.window_end,
    -- without the date, the numbers and the parser's words, which differ from row to row
    regexp_replace(regexp_replace(staged.reason, '(?s)_date .* is', '_date is'), '(?s)( \(|: ).*$', '') as subject,
    sums.currency,
    count(*) as affected_rows,
    -- amounts from 1e15 on are not believed, and many of them have no sum
    sum(abs(sums.billed_cost)) filter (where abs(sums.billed_cost) < 1000000000000000) as amount
from staged
left join unloaded_charge_sums as sums
    on staged.window_number = sums.window_number and staged.file_row = sums.file_row
where staged.reason is not null and not staged.outside_window
group by all
