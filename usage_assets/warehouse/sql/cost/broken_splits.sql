-- grain: a row of the API in one currency whose days do not sum to it
-- key: usage_key, currency
select
    row_costs.usage_key,
    row_costs.currency,
    any_value(row_costs.billed_cost) as row_cost,
    sum(cost.billed_cost) as sum_of_days
from row_costs
inner join cost
    on row_costs.usage_key = cost.usage_key and row_costs.currency = cost.currency
    and cost.usage_date between row_costs.usage_date and row_costs.last_day
where row_costs.is_long
group by row_costs.usage_key, row_costs.currency
having
    count(*) = any_value(row_costs.last_day - row_costs.usage_date) + 1
    and (
        any_value(row_costs.billed_cost) is distinct from sum(cost.billed_cost)
        or any_value(row_costs.tax) is distinct from sum(cost.tax)
    )
