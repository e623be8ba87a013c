-- grain: one day of an account whose row in coverage appears, changes or disappears
-- key: usage_date, account_id
create or replace temp table coverage_changes as
select distinct
    usage_date,
    account_id
from (
    (from new_coverage except from coverage)
    union all
    (from coverage except from new_coverage)
)
