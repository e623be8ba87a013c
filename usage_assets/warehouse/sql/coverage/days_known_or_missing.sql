-- grain: one day that becomes known, missing or no part of the history of an account
-- key: usage_date
select distinct changes.usage_date
from coverage_changes as changes
left join coverage as held on changes.usage_date = held.usage_date and changes.account_id = held.account_id
left join new_coverage as new on changes.usage_date = new.usage_date and changes.account_id = new.account_id
where held.state in ('final', 'provisional') is distinct from new.state in ('final', 'provisional')
