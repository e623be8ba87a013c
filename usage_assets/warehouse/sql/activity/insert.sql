-- grain: one day of an account, provider, surface, user_key, metric
-- key: usage_date, account_id, provider, surface, user_key, metric
insert into activity_by_user by name
select
    usage_date,
    account_id,
    any_value(integration) as integration,
    provider,
    surface,
    user_key,
    metric,
    case when is_maximum then max(number) else sum(number) end as value,
    is_maximum
from activity_values
group by usage_date, account_id, provider, surface, user_key, metric, is_maximum
