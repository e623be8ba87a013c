-- grain: one combination of the values that may change a price, and the days and models of its rows
-- key: context_key, usage_date, model_id
select distinct
    context_key,
    usage_date,
    model_id
from valid_rows
where context_key is not null
