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

select
    parts.*,
    accounts.display_name
from parts
left join accounts on parts.account_id = accounts.account_id
qualify
    row_number() over (
        partition by parts.currency order by parts.cost desc nulls last, parts.account_id, parts.provider, parts.model
    ) <= $max_contributors
order by parts.currency, parts.cost desc nulls last, parts.account_id, parts.provider, parts.model
