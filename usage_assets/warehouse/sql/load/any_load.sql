-- grain: at most one row, if any window is loaded
-- key: none
select 1
from loads
limit 1
