-- grain: the version of this file and its tables; an older file names the second column `aggregates`
-- key: none
select *
from bookkeeping.schema_version
