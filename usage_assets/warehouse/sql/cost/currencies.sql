-- grain: one currency of the rows being derived
-- key: currency
select distinct currency
from row_costs
