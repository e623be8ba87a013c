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
        hash(usage.organization_id, usage.user_key, usage.model, usage.surface) as dimensions,
        charge_sums.billed_cost,
        charge_sums.charge_rule
    from charge_sums
    inner join usage on charge_sums.usage_key = usage.usage_key
    where
        usage.usage_date in (select days.usage_date from days)
        and charge_sums.billed_cost <> 0
        -- a total or net beside its parts in one row is complete
        and (charge_sums.charge_rule = 'components' or charge_sums.parts is null)
),

-- one total among many may equal some part by chance, so it is compared with the parts of the same dimensions; all
-- totals of a product together are compared with all its parts
products as (
    select
        usage_date,
        account_id,
        product_id,
        currency,
        dimensions,
        grouping(dimensions) = 1 as is_whole_product,
        report,
        start_at,
        end_at,
        sum(billed_cost) filter (where charge_rule = 'components') as parts,
        sum(billed_cost) filter (where charge_rule = 'total') as totals,
        sum(billed_cost) filter (where charge_rule = 'net') as nets,
        list(billed_cost) filter (where charge_rule = 'total') as total_amounts,
        list(billed_cost) filter (where charge_rule = 'net') as net_amounts,
        count(*) filter (where charge_rule = 'components') as part_rows,
        count(*) filter (where charge_rule = 'total') as total_rows
    from charged
    group by grouping sets (
        (usage_date, account_id, report, product_id, start_at, end_at, currency, dimensions),
        (usage_date, account_id, report, product_id, start_at, end_at, currency)
    )
    having count(distinct charge_rule) > 1
),

counted_twice as (
    select
        * exclude (total_amounts, net_amounts),
        case when is_whole_product then [] else total_amounts end as single_totals,
        case when is_whole_product then [] else net_amounts end as single_nets,
        case when is_among(parts, single_totals, totals) or is_among(parts, single_nets, nets) then parts end
            as parts_twice,
        case when is_among(totals + coalesce(parts, 0), single_nets, nets) then totals + coalesce(parts, 0) end
            as totals_twice
    from products
),

found as (
    select
        * exclude (part_rows, total_rows),
        case when totals_twice is not null then total_rows + part_rows else part_rows end as twice_rows,
        coalesce(totals_twice, parts_twice) as twice
    from counted_twice
    where coalesce(totals_twice, parts_twice) is not null
    -- a product whose totals equal its parts in whole is not counted again by its dimensions
    qualify
        is_whole_product
        or not bool_or(is_whole_product) over (
            partition by usage_date, account_id, report, product_id, start_at, end_at, currency
        )
)

select
    'charges_spread_over_rows' as check_name,
    usage_date,
    account_id,
    product_id as subject,
    currency,
    sum(twice_rows)::bigint as affected_rows,
    sum(twice) as amount
from found
group by usage_date, account_id, product_id, currency
