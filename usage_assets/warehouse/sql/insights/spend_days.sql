-- grain: one day of a series; the cost in whole millionths, and the rest of it in units of 1e-12
-- key: series, day
select
    series,
    usage_date - $first_day::date as day,
    (in_units(cost) // 1000000)::bigint as cost,
    (in_units(cost) % 1000000)::bigint as rest,
    is_split
from daily_spend
