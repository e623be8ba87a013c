-- grain: the cost, in one currency
-- key: currency
select
    currency,
    sum(cost) as cost
from cost
group by currency
order by currency
