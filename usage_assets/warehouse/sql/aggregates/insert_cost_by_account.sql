-- grain: one day of an account, currency
-- key: usage_date, account_id, currency
insert into cost_by_account by name
select
    aggregate_sums.*,
    accounts.tenant_id
from aggregate_sums
left join accounts on aggregate_sums.account_id = accounts.account_id
