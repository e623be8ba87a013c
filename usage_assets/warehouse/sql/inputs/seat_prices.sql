-- grain: one line of `seats.csv`; empty texts match everything, prices are exact texts
-- key: account_id, integration, seat_type, valid_from
create or replace temp table seat_prices as
select
    unnest($account_id::varchar[]) as account_id,
    unnest($integration::varchar[]) as integration,
    unnest($seat_type::varchar[]) as seat_type,
    unnest($valid_from::date[]) as valid_from,
    unnest($valid_to::date[]) as valid_to,
    unnest($monthly_price::varchar[])::decimal(38, 12) as monthly_price,
    unnest($currency::varchar[]) as currency
