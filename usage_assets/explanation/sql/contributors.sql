-- grain: one of the largest parts of the matching rows, by account, provider and model, in one currency
-- key: currency, account_id, provider, model
with parts as (
    select
        currency,
        account_id,
        provider,
        model,
        count(*) as cost_rows,
        sum(cost) as cost
    from matching
    group by currency, account_id, provider, model
)

select *
from parts
qualify
    row_number() over (partition by currency order by cost desc nulls last, account_id, provider, model)
    <= $max_contributors
order by currency, cost desc nulls last, account_id, provider, model
