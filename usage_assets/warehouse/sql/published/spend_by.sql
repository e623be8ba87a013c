-- grain: one key of a column, with its cost on the compared days of both periods, in the shown currency
-- key: key
with compared as (
    select
        costs.*,
        compared_days.is_current,
        shown_rates.units_per_usd
    from read_parquet($files) as costs
    inner join compared_days on costs.account_id = compared_days.account_id and costs.usage_date = compared_days.usage_date
    left join shown_rates on costs.usage_date = shown_rates.usage_date
),

lines as (
    select
        columns(lambda name: name = $column) as key,
        is_current,
        cost,
        case when $currency = 'USD' then cost_usd else converted(cost_usd, units_per_usd) end as shown_cost
    from compared
)

select
    key,
    coalesce(sum(shown_cost) filter (where is_current), 0) as current_cost,
    coalesce(sum(shown_cost) filter (where not is_current), 0) as earlier_cost,
    count(*) filter (where shown_cost is null and cost is not null) as lacking_rows
from lines
group by key
order by current_cost desc, earlier_cost desc, key
