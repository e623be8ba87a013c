-- grain: the sums of the matching rows of one day in one currency
-- key: usage_date, currency
select
    usage_date,
    currency,
    sum(cost) as cost,
    sum(tax) as tax,
    sum(cost_usd) as cost_usd,
    sum(cost) filter (where is_provisional) as provisional_cost
from matching
group by usage_date, currency
order by usage_date, currency
