-- grain: one account's day with searches, executions, seconds or pages that have no price, by model and meter; `tokens`
-- is their number; requests have a price only where a vendor takes a fee for each; key: usage_date, account_id, subject
insert into bookkeeping.cost_findings by name
with without_price as (
    select *
    from prices
    where
        usage_date in (select days.usage_date from days)
        and unit_price is null
        and meter in $count_meters
        and meter <> 'requests'
),

metered as (
    select
        usage_date,
        account_id,
        provider,
        price_context,
        unnest(meters, recursive := true)
    from usage
    where
        (usage_date, provider, price_context) in (
            select (without_price.usage_date, without_price.provider, without_price.price_context) from without_price
        )
        and len(meters) > 0
)

select
    'unpriced_meters' as check_name,
    metered.usage_date,
    metered.account_id,
    metered.provider || ' ' || metered.model || ' ' || metered.meter as subject,
    count(*) as affected_rows,
    sum(metered.quantity) as tokens
from metered
semi join without_price using (usage_date, provider, model, price_context, meter)
group by all
