-- grain: the sums of the matching rows with one cost basis, in one currency
-- key: currency, cost_basis
select
    currency,
    cost_basis,
    count(*) as cost_rows,
    sum(cost) as cost
from matching
group by currency, cost_basis
order by
    currency,
    list_position(['billed', 'estimated', 'included', 'covered', 'unpriced', 'none'], cost_basis)
