-- grain: one budget, as of the last day that has a status; the one with the highest share first
-- key: budget
with statuses as (
    from read_parquet($file::varchar)
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
where usage_date = (select max(usage_date) from statuses)
order by share desc, budget
