-- grain: the cost of one window of a load in one currency, unless an earlier load recorded it
-- key: account_id, report, window_start, window_end, currency
insert into bookkeeping.cost_before
with first_replaced as (
    select loads.*
    from loads
    semi join load_windows using (account_id, report, window_start, window_end)
    anti join bookkeeping.replaced_windows using (account_id, report, window_start, window_end)
)

select
    first_replaced.account_id,
    first_replaced.report,
    first_replaced.window_start,
    first_replaced.window_end,
    cost.currency,
    count(distinct cost.usage_key) as usage_rows,
    sum(cost.cost) as cost
from cost
inner join first_replaced using (account_id, report, window_start)
where cost.usage_date >= $first_day
group by all
