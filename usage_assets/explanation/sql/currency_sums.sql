-- grain: the sums of the matching rows in one currency
-- key: currency
select
    currency,
    count(*) as cost_rows,
    count(cost) as rows_with_cost,
    sum(cost) as cost,
    sum(tax) as tax,
    sum(cost_usd) as cost_usd,
    sum(cost) filter (where is_provisional) as provisional_cost,
    count(*) filter (where is_provisional) as provisional_rows,
    count(*) filter (where cost_basis in ('billed', 'included', 'estimated') and cost_usd is null) as unconverted_rows
from matching
group by currency
order by currency <> 'USD', currency
