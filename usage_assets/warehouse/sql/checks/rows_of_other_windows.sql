-- grain: one loaded window with rows that start outside it and that no window brings, by the currency of their charges.
-- A row of a day after the newest loaded window waits for the window of its day, but not if that day is later than the
-- day after its fetch: it was in the future in every time zone; key: account_id, report, window_start, currency
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
    sum(abs(outside_rows.amount)) filter (where abs(outside_rows.amount) < 1000000000000000) as amount
from bookkeeping.outside_rows
inner join newest_windows
    on outside_rows.account_id = newest_windows.account_id and outside_rows.report = newest_windows.report
inner join loads
    on
        outside_rows.account_id = loads.account_id
        and outside_rows.report = loads.report
        and outside_rows.window_start = loads.window_start
        and outside_rows.window_end = loads.window_end
where
    (outside_rows.usage_date < newest_windows.next_day or outside_rows.usage_date > loads.fetched_at::date + 1)
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
