-- grain: one account's product and period with a total, or a net, beside rows of its parts, by currency; `amount` is
-- the cost that counts twice; key: usage_date, account_id, subject, currency
insert into bookkeeping.cost_findings by name
with charged as (
    select
        usage.usage_date,
        usage.account_id,
        usage.report,
        coalesce(nullif(trim(usage.product_id), ''), '(none)') as product_id,
        usage.start_at,
        usage.end_at,
        charge_sums.currency,
        charge_sums.billed_cost,
        -- a total or net beside its parts in one row is complete
        case
            when charge_sums.charge_rule = 'components' or charge_sums.parts is null then charge_sums.charge_rule
        end as charge_rule
    from charge_sums
    inner join usage on charge_sums.usage_key = usage.usage_key
    where usage.usage_date in (select days.usage_date from days) and charge_sums.billed_cost <> 0
),

products as (
    select
        usage_date,
        account_id,
        product_id,
        currency,
        sum(billed_cost) filter (where charge_rule = 'components') as parts,
        sum(billed_cost) filter (where charge_rule = 'total') as totals,
        list(billed_cost) filter (where charge_rule = 'total') as total_amounts,
        sum(billed_cost) filter (where charge_rule = 'net') as nets,
        list(billed_cost) filter (where charge_rule = 'net') as net_amounts,
        count(*) filter (where charge_rule = 'components') as part_rows,
        count(*) filter (where charge_rule = 'total') as total_rows
    from charged
    where charge_rule is not null
    group by usage_date, account_id, report, product_id, start_at, end_at, currency
    having count(distinct charge_rule) > 1
),

counted_twice as (
    select
        *,
        case when is_among(parts, total_amounts, totals) or is_among(parts, net_amounts, nets) then parts end
            as parts_twice,
        case when is_among(totals + coalesce(parts, 0), net_amounts, nets) then totals + coalesce(parts, 0) end
            as totals_twice
    from products
)

select
    'charges_spread_over_rows' as check_name,
    usage_date,
    account_id,
    product_id as subject,
    currency,
    sum(case when totals_twice is not null then total_rows + part_rows else part_rows end)::bigint as affected_rows,
    sum(coalesce(totals_twice, parts_twice)) as amount
from counted_twice
where coalesce(totals_twice, parts_twice) is not null
group by usage_date, account_id, product_id, currency
