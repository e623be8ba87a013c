-- grain: one day of a series with cost
-- key: series, day
select
    spend_series.series,
    daily_spend.usage_date - $first_day::date as day,
    daily_spend.amount
from daily_spend
inner join spend_series
    on
        daily_spend.account_id = spend_series.account_id
        and daily_spend.scope = spend_series.scope
        and daily_spend.provider = spend_series.provider
        and daily_spend.scope_key = spend_series.scope_key
