-- grain: one day of an account that is ready and not held; an account that was deleted cannot bring its last days any more
-- key: usage_date, account_id
select
    coverage.usage_date,
    coverage.account_id,
    coverage.state,
    coverage.reason
from coverage
left join accounts on coverage.account_id = accounts.account_id
where coverage.state in ('missing', 'failed') and accounts.deleted_at is null
order by coverage.usage_date desc, coverage.account_id
