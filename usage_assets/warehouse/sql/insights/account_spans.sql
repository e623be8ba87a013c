-- grain: one account that has a known day
-- key: account_id
select
    account_id,
    max(integration) as integration,
    max(usage_date) as last_known_day
from coverage
where state in ('final', 'provisional')
group by account_id
order by account_id
