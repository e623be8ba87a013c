-- grain: one day of a series with cost
-- key: series, day
select
    judged_series.series,
    judged_spend.usage_date - $first_day::date as day,
    judged_spend.amount
from judged_spend
inner join judged_series
    on
        judged_spend.account_id = judged_series.account_id
        and judged_spend.scope = judged_series.scope
        and judged_spend.provider = judged_series.provider
        and judged_spend.scope_key = judged_series.scope_key
