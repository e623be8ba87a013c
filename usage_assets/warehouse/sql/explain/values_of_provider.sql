-- grain: a provider of the matching rows
-- key: provider
select distinct provider
from matching
order by provider
