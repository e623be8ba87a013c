-- grain: one user in the lists of an account in a month
-- key: account_id, month, user_id
insert into seats by name
select new_seats.*
from new_seats
semi join changed_months using (account_id, month)
order by month, account_id, user_id
