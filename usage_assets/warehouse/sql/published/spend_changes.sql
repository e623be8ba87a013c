-- grain: one series of a key, with its cost on the compared days of both periods; the largest changes first
-- key: the columns of the series
with compared as (
    select
        costs.*,
        compared_days.is_current,
        shown_rates.units_per_usd
    from spend_lines as costs
    inner join compared_days on costs.account_id = compared_days.account_id and costs.usage_date = compared_days.usage_date
    left join shown_rates on costs.usage_date = shown_rates.usage_date
),

lines as (
    select
        columns(lambda name: name in $series),
        is_current,
        case when $currency = 'USD' then cost_usd else converted(cost_usd, units_per_usd) end as shown_cost
    from compared
    where $only is null or columns(lambda name: name = $column) = $only
)

select
    * exclude (is_current, shown_cost),
    coalesce(sum(shown_cost) filter (where is_current), 0) as current_cost,
    coalesce(sum(shown_cost) filter (where not is_current), 0) as earlier_cost
from lines
group by all
order by abs(current_cost - earlier_cost) desc, current_cost desc
limit $most
