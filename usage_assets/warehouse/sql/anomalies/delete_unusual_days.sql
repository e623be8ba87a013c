-- deletes: the unusual days that are found again
-- key: usage_date, kind, scope, account_id, provider, scope_key
delete from bookkeeping.unusual_days
where usage_date >= $first_day::date and usage_date <= $last_day::date
