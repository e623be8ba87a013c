-- grain: a surface of the matching rows
-- key: surface
select distinct surface
from matching
order by surface
