-- grain: the cost of all teams together, in one currency
-- key: currency
select
    currency,
    sum(cost) as cost
from team_lines
group by currency
order by currency
