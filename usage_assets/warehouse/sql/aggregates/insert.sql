-- grain: one day of an account, currency and the dimensions of an aggregate; its table replaces the word `aggregate`
-- key: usage_date, account_id, currency and these dimensions
insert into aggregate by name select * from aggregate_sums
