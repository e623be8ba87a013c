-- deletes: the usage rows of the windows of a load; each row starts inside its window, so only these days are read
-- key: account_id, report, window_start, window_end
delete from usage
where
    usage_date >= $first_day
    and usage_date < $end_day
    and (account_id, report, window_start, window_end) in (
        select (account_id, report, window_start, window_end) from load_windows
    )
