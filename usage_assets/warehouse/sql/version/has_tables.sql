-- grain: at most one row, if this file has tables of a program from before the schema had a version
-- key: none
select 1
from duckdb_tables()
where database_name = current_database() and schema_name = 'bookkeeping' and table_name = 'stale_days'
