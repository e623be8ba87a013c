-- grain: one account that cannot be fetched until its owner reconnects it
-- key: account_id
select
    account_id,
    integration,
    tenant_id,
    status
from accounts
where status <> 'active' and deleted_at is null
order by account_id
