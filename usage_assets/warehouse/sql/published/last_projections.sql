-- grain: one key of the scopes, as of the last day that is projected
-- key: scope, scope_key
with projections as (
    from read_parquet($file::varchar)
)

select
    scope,
    scope_key,
    currency,
    usage_date,
    month,
    complete_through,
    month_to_date,
    projected,
    low,
    high,
    reason
from projections
where
    usage_date = (select max(usage_date) from projections)
    and scope in (select unnest($scopes::varchar[]))
order by list_position($scopes::varchar[], scope), coalesce(projected, month_to_date) desc, scope_key
