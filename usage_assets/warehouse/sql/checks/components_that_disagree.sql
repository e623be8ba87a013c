-- grain: one row whose total differs from its parts by more than 0.01, with and without discount, credit and tax
-- key: usage_key, currency
with charge_lines as (
    select
        account_id,
        usage_key,
        usage_date,
        unnest(charges, recursive := true)
    from usage
    where len(charges) > 1
),

charge_sums as (
    select
        account_id,
        usage_key,
        usage_date,
        currency,
        sum(amount) filter (where type = 'total') as total,
        sum(amount) filter (where type in ('on_demand', 'committed', 'usage_based', 'platform_fee')) as parts,
        coalesce(abs(sum(amount) filter (where type = 'discount')), 0) as discount,
        coalesce(abs(sum(amount) filter (where type = 'credit')), 0) as credit,
        coalesce(sum(amount) filter (where type = 'tax'), 0) as tax
    from charge_lines
    group by account_id, usage_key, usage_date, currency
)

select
    account_id,
    usage_date,
    usage_key,
    currency,
    total,
    parts,
    discount,
    credit,
    tax
from charge_sums
where
    abs(total - parts) > 0.01
    and abs(total - (parts - discount)) > 0.01
    and abs(total - (parts - discount - credit)) > 0.01
    and abs(total - (parts - credit)) > 0.01
    and abs(total - (parts + tax)) > 0.01
    and abs(total - (parts - discount - credit + tax)) > 0.01
order by usage_date desc, account_id, usage_key
