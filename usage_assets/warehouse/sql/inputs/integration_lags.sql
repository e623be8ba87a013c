-- grain: one integration profile, how many days its figures come late
-- key: integration
create or replace temp table integration_lags as
select
    unnest($integration::varchar[]) as integration,
    unnest($lag::bigint[]) as lag
