-- grain: one combination of the values that rules match by, within one period, on the days of `rule_days`
-- key: combination
create or replace temp table combinations as
with distinct_values as (
    select distinct columns(lambda name: name in $columns)
    from cost
    inner join rule_days using (usage_date)
)

select
    *,
    row_number() over () as combination
from distinct_values
