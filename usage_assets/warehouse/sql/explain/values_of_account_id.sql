-- grain: a account_id of the matching rows
-- key: account_id
select distinct account_id
from matching
order by account_id
