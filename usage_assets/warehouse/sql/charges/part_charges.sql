-- grain: one part of a charged usage row of several parts, in one currency: its share of the row's charges by weight,
-- truncated; the last part gets the rest; key: usage_row, part, currency
create or replace temp table part_charges as
with shares as (
    select
        part_estimates.usage_row,
        part_estimates.part,
        part_estimates.is_last_part,
        charge_sums.currency,
        in_units(charge_sums.billed_cost) as billed,
        in_units(charge_sums.list_cost) as listed,
        in_units(charge_sums.tax) as taxed,
        proportion(billed, part_estimates.weight, part_estimates.row_weight) as billed_share,
        proportion(listed, part_estimates.weight, part_estimates.row_weight) as list_share,
        proportion(taxed, part_estimates.weight, part_estimates.row_weight) as tax_share
    from part_estimates
    inner join usage on part_estimates.usage_row = usage.rowid
    inner join charge_sums on usage.usage_key = charge_sums.usage_key
    where part_estimates.is_one_of_several
)

select
    usage_row,
    part,
    currency,
    from_units(
        case when is_last_part then billed - (sum(billed_share) over of_row - billed_share) else billed_share end
    ) as billed_cost,
    from_units(case when is_last_part then listed - (sum(list_share) over of_row - list_share) else list_share end)
        as list_cost,
    from_units(case when is_last_part then taxed - (sum(tax_share) over of_row - tax_share) else tax_share end) as tax
from shares
window of_row as (partition by usage_row, currency)
