-- grain: at most one row, if this file has tables without a schema version
-- key: none
select 1
from duckdb_tables()
where database_name = current_database() and schema_name = 'bookkeeping' and table_name = 'stale_days'
