-- grain: one combination of the values that may change a price, and the days of its rows
-- key: context_key, usage_date
select distinct
    context_key,
    usage_date
from valid_rows
where context_key is not null
