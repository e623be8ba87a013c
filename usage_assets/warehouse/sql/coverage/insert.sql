-- grain: one day of an account whose row appears or changes
-- key: usage_date, account_id
insert into coverage by name
select new_coverage.*
from new_coverage
semi join coverage_changes as changes
    on new_coverage.usage_date = changes.usage_date and new_coverage.account_id = changes.account_id
