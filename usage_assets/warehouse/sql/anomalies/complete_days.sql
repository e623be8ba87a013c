-- grain: one day of an account whose usage is complete
-- key: account_id, usage_date
create or replace temp table complete_days as
select
    account_id,
    usage_date
from coverage
where state in ('final', 'provisional')
