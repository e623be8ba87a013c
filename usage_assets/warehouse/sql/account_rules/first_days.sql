-- grain: one of `accounts` with rows that count, and the day of the first
-- key: account_id
select
    usage.account_id,
    min(usage.usage_date) as first_day
from usage
anti join new_ignored_days
    on
        usage.account_id = new_ignored_days.account_id
        and usage.usage_date >= new_ignored_days.first_day
        and usage.usage_date <= new_ignored_days.last_day
where usage.account_id in (select unnest($accounts::varchar[]))
group by usage.account_id
