-- grain: one day of an account, provider, team, cost centre, currency
-- key: usage_date, account_id, provider, team, cost_centre, currency
insert into cost_by_team by name
with last_lines as (
    select * from rule_shares
    where other_weights is not null or weight is null
),

other_lines as (
    select
        rule_shares.*,
        last_lines.team as last_team,
        last_lines.cost_centre as last_cost_centre
    from rule_shares
    inner join last_lines on rule_shares.rule = last_lines.rule
    where rule_shares.line <> last_lines.line
),

-- The last line of a rule gets whole rows here, and below it gives away what the other lines get. So what it keeps is
-- never computed by row.
whole_sums as (
    select
        ruled_lines.usage_date,
        ruled_lines.account_id,
        any_value(ruled_lines.integration) as integration,
        ruled_lines.provider,
        coalesce(last_lines.team, '(none)') as team,
        coalesce(last_lines.cost_centre, '(none)') as cost_centre,
        ruled_lines.currency,
        sum(columns(lambda name: name in $money)),
        sum(ruled_lines.cost) filter (where ruled_lines.is_provisional) as provisional_cost,
        sum(columns(lambda name: name in $counts)),
        count(*) filter (where ruled_lines.counts_row and last_lines.weight is null) as usage_rows,
        count(*) filter (where ruled_lines.cost_basis = 'unpriced' and last_lines.weight is null) as unpriced_rows,
        count(*) filter (where ruled_lines.is_unconverted and last_lines.weight is null) as unconverted_rows
    from ruled_lines
    left join last_lines on ruled_lines.rule = last_lines.rule
    group by all
),

shared_rows as (
    select
        usage_date,
        account_id,
        integration,
        provider,
        currency,
        rule,
        in_units(columns(lambda name: name in $money)),
        columns(lambda name: name in $counts)::hugeint,
        is_provisional,
        counts_row,
        cost_basis,
        is_unconverted
    from ruled_lines
    where rule in (select other_lines.rule from other_lines)
),

share_sums as (
    select
        shared_rows.usage_date,
        shared_rows.account_id,
        any_value(shared_rows.integration) as integration,
        shared_rows.provider,
        other_lines.team,
        other_lines.cost_centre,
        other_lines.last_team,
        other_lines.last_cost_centre,
        shared_rows.currency,
        from_units(sum(proportion(columns(lambda name: name in $money), other_lines.weight, 1000000000000))),
        from_units(
            sum(proportion(shared_rows.cost, other_lines.weight, 1000000000000))
            filter (where shared_rows.is_provisional)
        ) as provisional_cost,
        sum(proportion(columns(lambda name: name in $counts), other_lines.weight, 1000000000000)),
        count(*) filter (where shared_rows.counts_row and other_lines.is_first) as usage_rows,
        count(*) filter (where shared_rows.cost_basis = 'unpriced' and other_lines.is_first) as unpriced_rows,
        count(*) filter (where shared_rows.is_unconverted and other_lines.is_first) as unconverted_rows
    from shared_rows
    inner join other_lines on shared_rows.rule = other_lines.rule
    group by all
),

moved as (
    select * exclude (last_team, last_cost_centre)
    from share_sums
    union all by name
    select
        usage_date,
        account_id,
        integration,
        provider,
        last_team as team,
        last_cost_centre as cost_centre,
        currency,
        -columns(lambda name: name in $measures),
        0 as usage_rows,
        0 as unpriced_rows,
        0 as unconverted_rows
    from share_sums
),

team_sums as (
    select * from whole_sums
    union all by name
    select * from moved
)

select
    usage_date,
    account_id,
    any_value(integration) as integration,
    provider,
    team,
    cost_centre,
    currency,
    sum(columns(lambda name: name in $measures)),
    sum(usage_rows) as usage_rows,
    sum(unpriced_rows) as unpriced_rows,
    sum(unconverted_rows) as unconverted_rows
from team_sums
group by usage_date, account_id, provider, team, cost_centre, currency
