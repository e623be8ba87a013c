-- grain: one cost row of the cell that a team gets or shares; its amounts are the team's part
-- key: usage_key, part, currency, usage_date
create or replace temp table matching as
with team_parts as (
    select
        usage_key,
        part,
        currency,
        usage_date,
        sum(cost) as cost,
        sum(tax) as tax,
        sum(cost_usd) as cost_usd,
        list({line: line, cost_centre: cost_centre, cost: cost, tax: tax, cost_usd: cost_usd} order by line) as team_shares
    from team_lines
    where lower(team) = lower(trim($team))
    group by usage_key, part, currency, usage_date
)

select
    matching.* exclude (cost, tax, cost_usd, team_shares),
    team_parts.cost,
    team_parts.tax,
    team_parts.cost_usd,
    team_parts.team_shares
from matching
inner join team_parts using (usage_key, part, currency, usage_date)
