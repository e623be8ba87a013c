-- grain: one day of an account's history, as the number of days since a first day
-- key: account_id, day
select
    accounts.number as account,
    coverage.usage_date - $first_day::date as day,
    coverage.state in ('final', 'provisional') as is_known,
    coverage.state not in ('final', 'provisional') as is_missing
from coverage
inner join (
    select
        unnest($account_ids::varchar[]) as account_id,
        generate_subscripts($account_ids::varchar[], 1) - 1 as number
) as accounts on coverage.account_id = accounts.account_id
where coverage.usage_date between $first_day::date and $last_day::date
