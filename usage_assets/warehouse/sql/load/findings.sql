-- grain: one finding about the valid rows of one window
-- key: check_name, account_id, report, window_start, window_end, subject
insert into bookkeeping.load_findings by name
with findings as (
    select
        account_id,
        report,
        window_start,
        window_end,
        unnest([
            case when is_longer_than_window then 'rows_longer_than_window' end,
            case when is_cached_beyond_input then 'cached_beyond_input' end,
            case when has_unreadable_count then 'unreadable_counts' end,
            case when has_negative_count then 'negative_counts' end,
            case when has_other_shape then 'dimensions_of_other_shape' end
        ]) as check_name
    from valid_rows
    where
        is_longer_than_window
        or is_cached_beyond_input
        or has_unreadable_count
        or has_negative_count
        or has_other_shape
)

select
    check_name,
    account_id,
    report,
    window_start,
    window_end,
    count(*) as affected_rows
from findings
where check_name is not null
group by all
