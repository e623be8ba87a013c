-- grain: one usage row of the days being derived that counts and has a `usage` object
-- key: none
create or replace temp view activity_rows as
select
    usage.usage_date,
    usage.account_id,
    usage.integration,
    usage.provider,
    usage.surface,
    usage.user_key,
    usage.usage_json
from usage
anti join bookkeeping.ignored_days as ignored
    on
        usage.account_id = ignored.account_id
        and usage.usage_date >= ignored.first_day
        and usage.usage_date <= ignored.last_day
where
    usage.usage_date in (select days.usage_date from days)
    and starts_with(usage.usage_json::varchar, '{')
