-- grain: one row of the API that is loaded into its window
-- key: usage_key
create or replace temp view valid_rows as
select * exclude (outside_window, reason)
from staged
where reason is null and not outside_window
