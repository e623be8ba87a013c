-- grain: one row of the API that is loaded into its window
-- key: usage_key
create or replace temp view keyed as
select * exclude (is_elsewhere, reason)
from staged
where reason is null and not is_elsewhere
