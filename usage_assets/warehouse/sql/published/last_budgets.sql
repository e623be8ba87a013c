-- grain: one period of a budget: as of the last day that has a status, or one that ended in the week before; those with
-- the highest share first; key: budget, period_start
with statuses as (
    from read_parquet($files::varchar[])
),

last_day as (
    select max(usage_date) as day
    from statuses
)

select
    usage_date,
    budget,
    owner,
    scope,
    period,
    period_start,
    period_end,
    currency,
    amount,
    counted_from,
    complete_through,
    spent,
    share,
    projected,
    low,
    high,
    thresholds,
    crossed,
    spent_on,
    reason
from statuses
cross join last_day
where usage_date = last_day.day or (usage_date = period_end and usage_date >= last_day.day - 7)
order by share desc, budget, period_start
