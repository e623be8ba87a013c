-- grain: one model whose tokens have no price
-- key: provider, model
select
    provider,
    model,
    sum(unpriced_rows)::bigint as unpriced_rows,
    min(usage_date) as first_day,
    max(usage_date) as last_day
from cost_by_model
where unpriced_rows > 0
group by provider, model
order by unpriced_rows desc, provider, model
