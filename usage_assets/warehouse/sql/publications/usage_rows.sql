-- grain: one month of usage, as its published file is called
-- key: month
select
    strftime(usage_date, '%Y-%m') as month,
    count(*) as usage_rows
from usage
group by month
