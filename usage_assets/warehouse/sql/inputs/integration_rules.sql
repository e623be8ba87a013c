-- grain: one integration profile, with its rules for charges
-- key: integration
create or replace temp table integration_rules as
select
    unnest($integration::varchar[]) as integration,
    unnest($leading_charge::varchar[]) as leading_charge,
    unnest($bills_by::varchar[]) as bills_by,
    unnest($reduction_sign::varchar[]) as reduction_sign
