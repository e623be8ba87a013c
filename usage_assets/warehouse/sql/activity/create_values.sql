-- grain: the sum or the maximum of a number over some rows of a day, account, provider, surface, user_key
-- key: none
create or replace temp table activity_values (
    usage_date date,
    account_id varchar,
    integration varchar,
    provider varchar,
    surface varchar,
    user_key varchar,
    metric varchar,
    number decimal(38, 12),
    is_maximum boolean
)
