-- grain: one column of a table; names of tables in the schema `bookkeeping` include it
-- key: table_name, column_name
select
    case when schema_name = 'main' then table_name else schema_name || '.' || table_name end as table_name,
    column_name,
    data_type,
    is_nullable,
    coalesce(comment, '') as meaning
from duckdb_columns()
where database_name = current_database() and schema_name in ('main', 'bookkeeping') and not internal
order by schema_name, table_name, column_index
