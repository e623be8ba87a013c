-- grain: the first and last day of rows that begin or cease to count
-- key: usage_date, last_day
with affected as (
    select account_id from bookkeeping.ignored_days
    union
    select account_id from new_ignored_days
),

row_days as (
    select distinct
        account_id,
        usage_date,
        last_day
    from usage
    where account_id in (select affected.account_id from affected)
),

ignored_before as (
    select row_days.*
    from row_days
    semi join bookkeeping.ignored_days as ignored
        on
            row_days.account_id = ignored.account_id
            and row_days.usage_date >= ignored.first_day
            and row_days.usage_date <= ignored.last_day
),

ignored_now as (
    select row_days.*
    from row_days
    semi join new_ignored_days as ignored
        on
            row_days.account_id = ignored.account_id
            and row_days.usage_date >= ignored.first_day
            and row_days.usage_date <= ignored.last_day
),

changed as (
    (from ignored_before except from ignored_now)
    union
    (from ignored_now except from ignored_before)
)

select distinct
    usage_date,
    last_day
from changed
