-- grain: the cost that no rule matches, in one currency
-- key: currency
select
    currency,
    count(*) as cost_rows,
    sum(cost) as cost
from team_lines
where line is null
group by currency
order by currency
