-- grain: a usage row in one currency, with the sums of its charges by type and its billed cost
-- key: usage_key, currency
create or replace temp table charge_sums as
with charge_lines as (
    select
        usage_key,
        leading_charge,
        reduction_sign,
        len(charges) = 1 as is_only_one,
        unnest(charges, recursive := true)
    from charged_rows
),

-- speed: most rows have a single charge, which needs no sum
sums as (
    select
        usage_key,
        currency,
        leading_charge,
        reduction_sign,
        is_only_one,
        case when type = 'net' then amount end as net,
        case when type = 'total' then amount end as total,
        case when is_component(type) then amount end as parts,
        case when type = 'discount' then amount end as discount,
        case when type = 'credit' then amount end as credit,
        case when type = 'included' then amount end as included,
        case when type = 'tax' then amount end as tax
    from charge_lines
    where is_only_one
    union all
    select
        usage_key,
        currency,
        any_value(leading_charge) as leading_charge,
        any_value(reduction_sign) as reduction_sign,
        false as is_only_one,
        sum(amount) filter (where type = 'net') as net,
        sum(amount) filter (where type = 'total') as total,
        sum(amount) filter (where is_component(type)) as parts,
        sum(amount) filter (where type = 'discount') as discount,
        sum(amount) filter (where type = 'credit') as credit,
        sum(amount) filter (where type = 'included') as included,
        sum(amount) filter (where type = 'tax') as tax
    from charge_lines
    where not is_only_one
    group by usage_key, currency
),

costs as (
    select
        * exclude (leading_charge),
        charge_rule(net, total, parts, discount, credit, included, leading_charge) as charge_rule,
        billed_cost(charge_rule, net, total, parts, discount, credit, reduction_sign) as billed_cost,
        list_cost(net, total, parts, discount, credit, included) as list_cost
    from sums
)

select
    * exclude (is_only_one),
    true as carries_counts,
    charge_rule <> 'none' as is_billed
from costs
where is_only_one
union all
select
    * exclude (is_only_one),
    row_number() over (partition by usage_key order by currency <> 'USD', currency) = 1 as carries_counts,
    bool_or(charge_rule <> 'none') over (partition by usage_key) as is_billed
from costs
where not is_only_one
