-- grain: a table of this file; the name of a bookkeeping table without its schema
-- key: table_name
select table_name
from duckdb_tables()
where database_name = current_database() and not internal and not temporary
