-- grain: one meter of a model that counts something other than tokens and has no price
-- key: meter
select
    subject as meter,
    min(usage_date) as first_day,
    max(usage_date) as last_day,
    sum(affected_rows)::bigint as affected_rows,
    sum(tokens)::hugeint as quantity
from bookkeeping.cost_findings
where check_name = 'unpriced_meters'
group by subject
order by quantity desc, meter
