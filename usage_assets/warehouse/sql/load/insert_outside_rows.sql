-- grain: a row that starts outside its window, in one currency of its charges
-- key: account_id, report, window_start, window_end, file_row, currency
insert into bookkeeping.outside_rows by name
select
    staged.account_id,
    staged.report,
    staged.window_start,
    staged.window_end,
    staged.file_row,
    staged.row_id,
    staged.usage_date,
    sums.currency,
    sums.billed_cost as amount
from staged
left join unloaded_charge_sums as sums
    on staged.window_number = sums.window_number and staged.file_row = sums.file_row
where staged.outside_window
