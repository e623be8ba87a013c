-- grain: one published cost row on the compared days, in place of the table of the warehouse
-- key: usage_key, part, currency, usage_date
create or replace temp table cost as
select costs.*
from read_parquet($files) as costs
semi join compared_days on costs.account_id = compared_days.account_id and costs.usage_date = compared_days.usage_date
