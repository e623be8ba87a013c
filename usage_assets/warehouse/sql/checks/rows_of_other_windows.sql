-- grain: one loaded window with rows that start outside it and that no window brings, by the currency of their charges;
-- rows of days after the newest loaded window are left to later windows; key: account_id, report, window_start, currency
with newest_windows as (
    select
        account_id,
        report,
        max(window_end) as next_day
    from loads
    group by account_id, report
)

select
    outside_rows.account_id,
    outside_rows.report,
    outside_rows.window_start,
    outside_rows.currency,
    count(*) as affected_rows,
    sum(outside_rows.amount) filter (where abs(outside_rows.amount) < 1000000000000000) as amount
from bookkeeping.outside_rows
inner join newest_windows
    on outside_rows.account_id = newest_windows.account_id and outside_rows.report = newest_windows.report
where
    outside_rows.usage_date < newest_windows.next_day
    and not exists (
        select 1 from usage
        where
            usage.account_id = outside_rows.account_id
            and usage.report = outside_rows.report
            and usage.usage_date = outside_rows.usage_date
            and usage.row_id = outside_rows.row_id
    )
group by all
order by outside_rows.window_start desc, outside_rows.account_id, outside_rows.currency
