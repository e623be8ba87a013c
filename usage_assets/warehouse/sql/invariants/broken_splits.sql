-- grain: a part of a row of the API in one currency whose days do not sum to it
-- key: usage_key, part, currency
with sums as (
    select
        row_costs.usage_key,
        row_costs.part,
        row_costs.currency,
        any_value(row_costs.last_day - row_costs.usage_date) + 1 as days,
        count(*) as days_derived,
        {
            billed_cost: any_value(row_costs.billed_cost),
            estimated_cost_usd: any_value(row_costs.estimated_cost_usd),
            list_cost: any_value(row_costs.list_cost),
            tax: any_value(row_costs.tax),
            input_tokens: any_value(row_costs.input_tokens) filter (where row_costs.carries_counts)::hugeint,
            cached_input_tokens:
                any_value(row_costs.cached_input_tokens) filter (where row_costs.carries_counts)::hugeint,
            cache_write_tokens:
                any_value(row_costs.cache_write_tokens) filter (where row_costs.carries_counts)::hugeint,
            output_tokens: any_value(row_costs.output_tokens) filter (where row_costs.carries_counts)::hugeint,
            requests: any_value(row_costs.requests) filter (where row_costs.carries_counts)::hugeint,
            sessions: any_value(row_costs.sessions) filter (where row_costs.carries_counts)::hugeint
        } as of_row,
        {
            billed_cost: sum(cost.billed_cost),
            estimated_cost_usd: sum(cost.estimated_cost_usd),
            list_cost: sum(cost.list_cost),
            tax: sum(cost.tax),
            input_tokens: sum(cost.input_tokens),
            cached_input_tokens: sum(cost.cached_input_tokens),
            cache_write_tokens: sum(cost.cache_write_tokens),
            output_tokens: sum(cost.output_tokens),
            requests: sum(cost.requests),
            sessions: sum(cost.sessions)
        } as of_days
    from row_costs
    inner join cost
        on row_costs.usage_key = cost.usage_key
        and row_costs.part = cost.part
        and row_costs.currency = cost.currency
        and cost.usage_date between row_costs.usage_date and row_costs.last_day
    where row_costs.is_long
    group by row_costs.usage_key, row_costs.part, row_costs.currency
)

select
    usage_key,
    part,
    currency,
    of_row,
    of_days
from sums
where days = days_derived and of_row is distinct from of_days
