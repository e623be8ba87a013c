-- the rows of the windows about to be loaded; each starts inside its window, so only those days are looked at
-- key: account_id, report, window_start, window_end
delete from usage
where
    usage_date >= $first_day
    and usage_date < $beyond
    and (account_id, report, window_start, window_end) in (
        select (account_id, report, window_start, window_end) from windows_to_load
    )
