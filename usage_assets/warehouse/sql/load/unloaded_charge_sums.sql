-- grain: a row of the batch that is not loaded or left out as a duplicate, in one currency of its charges
-- key: window_number, file_row, currency
create or replace temp table unloaded_charge_sums as
with unloaded as (
    select
        window_number,
        file_row,
        charges
    from staged
    where outside_window or reason is not null
    union all
    select
        window_number,
        file_row,
        charges
    from duplicates
),

charge_lines as (
    select
        window_number,
        file_row,
        unnest(charges, recursive := true)
    from unloaded
    where len(charges) > 0
),

sums as (
    select
        window_number,
        file_row,
        currency,
        sum(amount) filter (where type = 'net') as net,
        sum(amount) filter (where type = 'total') as total,
        sum(amount) filter (where is_component(type)) as parts,
        sum(amount) filter (where type = 'discount') as discount,
        sum(amount) filter (where type = 'credit') as credit,
        sum(amount) filter (where type = 'included') as included
    from charge_lines
    group by window_number, file_row, currency
)

select
    window_number,
    file_row,
    currency,
    billed_cost(
        charge_rule(net, total, parts, discount, credit, included, $leading_charge),
        net, total, parts, discount, credit, $reduction_sign
    ) as billed_cost
from sums
