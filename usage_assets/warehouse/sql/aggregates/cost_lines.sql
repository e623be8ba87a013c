-- grain: one cost row of the days being derived; `is_first_day` where the API's row begins,
-- `is_unconverted` where its cost has no rate to USD; key: usage_key, currency, usage_date
create or replace temp view cost_lines as
select
    *,
    allocation = 'exact' or exists (
        select 1 from usage
        where usage.usage_key = cost.usage_key and usage.usage_date = cost.usage_date
    ) as is_first_day,
    cost_basis in ('billed', 'included', 'estimated') and cost_usd is null as is_unconverted
from cost
where usage_date in (select days.usage_date from days)
