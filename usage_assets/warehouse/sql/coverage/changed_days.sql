-- grain: one day on which a row of coverage changes
-- key: usage_date
select distinct usage_date
from coverage_changes
