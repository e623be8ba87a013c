-- grain: the version of this file and its aggregates
-- key: none
select
    version,
    aggregates
from bookkeeping.schema_version
