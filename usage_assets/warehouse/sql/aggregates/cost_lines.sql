-- grain: one cost row of the days being derived; `counts_row` on the first day and part of the API's row,
-- `is_unconverted` if its cost has no rate to USD; key: usage_key, part, currency, usage_date
create or replace temp view cost_lines as
with long_rows as (
    select
        usage_key,
        usage_date
    from usage
    where usage_date in (select days.usage_date from days) and last_day > usage_date
)

select
    cost.*,
    cost.part = 1 and (cost.allocation = 'exact' or long_rows.usage_key is not null) as counts_row,
    cost.cost_basis in ('billed', 'included', 'estimated') and cost.cost_usd is null as is_unconverted
from cost
left join long_rows on cost.usage_key = long_rows.usage_key and cost.usage_date = long_rows.usage_date
where cost.usage_date in (select days.usage_date from days)
