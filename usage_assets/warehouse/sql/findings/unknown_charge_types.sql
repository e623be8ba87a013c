-- grain: one account's day with a charge type without a rule, by type and currency
-- key: usage_date, account_id, subject, currency
insert into bookkeeping.cost_findings by name
with unknown_charges as (
    select
        usage_date,
        account_id,
        unnest(
            list_filter(charges, lambda charge: coalesce(charge.type, '') not in (
                'total', 'net', 'on_demand', 'committed', 'included', 'usage_based', 'discount', 'tax', 'credit',
                'platform_fee'
            )),
            recursive := true
        )
    from usage
    where usage_date in (select days.usage_date from days) and len(charges) > 0
)

select
    'unknown_charge_types' as check_name,
    usage_date,
    account_id,
    coalesce(type, '(none)') as subject,
    currency,
    count(*) as affected_rows,
    sum(abs(amount)) as amount
from unknown_charges
group by all
