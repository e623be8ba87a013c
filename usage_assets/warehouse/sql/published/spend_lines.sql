-- grain: one row of a published table on the compared days
-- key: that of the table
create or replace temp table spend_lines as
select costs.*
from read_parquet($files) as costs
semi join compared_days on costs.account_id = compared_days.account_id and costs.usage_date = compared_days.usage_date
