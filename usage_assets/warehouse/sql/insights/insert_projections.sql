-- grain: one day and key of a scope
-- key: usage_date, scope, scope_key
insert into spend_projection by name
select
    usage_date,
    scope,
    scope_key,
    $currency::varchar as currency,
    date_trunc('month', usage_date)::date as month,
    complete_through,
    from_units(month_to_date) as month_to_date,
    from_units(projected::hugeint * 10000000000) as projected,
    from_units(low::hugeint * 10000000000) as low,
    from_units(high::hugeint * 10000000000) as high,
    reason
from new_projections
order by usage_date, scope, scope_key
