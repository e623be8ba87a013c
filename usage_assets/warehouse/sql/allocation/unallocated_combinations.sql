-- grain: one combination of values that no rule matches, in one currency: the costliest, by USD; `combination_count` is the
-- number of all; key: all dimensions, currency
with sums as (
    select
        columns(lambda name: name in $dimensions),
        currency,
        count(*) as cost_rows,
        sum(cost) as cost,
        sum(cost_usd) as cost_usd
    from team_lines
    where line is null
    group by all
)

select
    * exclude (cost_usd),
    count(*) over () as combination_count
from sums
order by sums.cost_usd desc nulls last, sums.cost desc nulls last, sums.account_id, sums.provider, sums.user_key, sums.resource_id
limit $most
