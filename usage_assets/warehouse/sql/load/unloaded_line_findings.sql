-- grain: one window with lines that are not loaded, by why they are not and the currency of their charges
-- key: check_name, account_id, report, window_start, window_end, subject, currency
insert into bookkeeping.load_findings by name
select
    case when staged.outside_window then 'rows_of_other_windows' else 'rejected_rows' end as check_name,
    staged.account_id,
    staged.report,
    staged.window_start,
    staged.window_end,
    case when not staged.outside_window then regexp_replace(staged.reason, '_date .* is', '_date is') end as subject,
    charge_sums.currency,
    count(*) as affected_rows,
    sum(charge_sums.billed_cost) as amount
from staged
left join charge_sums on staged.window_number || ':' || staged.file_row = charge_sums.usage_key
where staged.outside_window or staged.reason is not null
group by all
