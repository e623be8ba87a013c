-- grain: one published file of a table
-- key: file_name
select
    file_name,
    num_rows
from parquet_file_metadata($files)
