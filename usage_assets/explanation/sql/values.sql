-- grain: the values of the matching rows in every column that a cell can name
-- key: none
select
    list(distinct account_id order by account_id) as account_id,
    list(distinct provider order by provider) as provider,
    list(distinct model order by model) as model,
    list(distinct surface order by surface) as surface,
    list(distinct user_key order by user_key) as user_key
from matching
