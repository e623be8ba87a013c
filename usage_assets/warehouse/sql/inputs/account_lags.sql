-- grain: one account with known days, and the days until a day of it is complete at the vendor
-- key: account_id
create or replace temp table account_lags as
select
    unnest($account_id::varchar[]) as account_id,
    unnest($lag::bigint[]) as lag
