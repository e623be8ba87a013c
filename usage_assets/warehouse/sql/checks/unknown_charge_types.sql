-- grain: one charge type of an account that no rule knows
-- key: account_id, type, currency
with charge_lines as (
    select
        account_id,
        unnest(charges, recursive := true)
    from usage
    where len(charges) > 0
)

select
    account_id,
    type,
    currency,
    count(*) as charges,
    sum(amount) as amount
from charge_lines
where
    coalesce(type, '') not in (
        'total', 'net', 'on_demand', 'committed', 'included', 'usage_based', 'discount', 'tax', 'credit', 'platform_fee'
    )
group by account_id, type, currency
order by account_id, type, currency
