-- deletes: the seats of the months that change
-- key: account_id, month
delete from seats
where (account_id, month) in (select (changed_months.account_id, changed_months.month) from changed_months)
