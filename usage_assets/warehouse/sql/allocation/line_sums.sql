-- grain: one line of the rules that gets cost, in one currency
-- key: line, currency
select
    line,
    currency,
    count(*) as cost_rows,
    sum(cost) as cost
from team_lines
where line is not null
group by line, currency
order by line, currency
