-- grain: a model of the matching rows
-- key: model
select distinct model
from matching
order by model
