-- grain: one day of a series; the cost in whole millionths, and the rest of it in units of 1e-12
-- key: series, day
with exact as (
    select
        series,
        usage_date,
        is_split,
        in_units(cost) as units
    from daily_spend
)

select
    series::integer as series,
    (usage_date - $first_day::date)::integer as day,
    (units // 1000000)::double as cost,
    (units % 1000000)::bigint as rest,
    is_split
from exact
