-- grain: one day of an account, team, surface, model or user with cost, without what is left out
-- key: scope, account_id, provider, scope_key, usage_date
create or replace temp table judged_spend as
with amounts as (
    select
        'account' as scope,
        account_id,
        '(none)' as provider,
        account_id as scope_key,
        usage_date,
        cost_usd
    from cost_by_account
    where usage_date >= $first_day::date and usage_date <= $last_day::date
    union all
    -- fees and long rows of teams are not left out, so a spike of a team counts only if the account has it too
    select
        'team' as scope,
        account_id,
        '(none)' as provider,
        team as scope_key,
        usage_date,
        cost_usd
    from cost_by_team
    where usage_date >= $first_day::date and usage_date <= $last_day::date and team <> '(none)'
    union all
    select
        'surface' as scope,
        account_id,
        provider,
        surface as scope_key,
        usage_date,
        cost_usd
    from cost_by_surface
    where usage_date >= $first_day::date and usage_date <= $last_day::date and surface <> '(none)'
    union all
    select
        'model' as scope,
        account_id,
        provider,
        model as scope_key,
        usage_date,
        cost_usd
    from cost_by_model
    where usage_date >= $first_day::date and usage_date <= $last_day::date and model <> '(none)'
    union all
    select
        'user' as scope,
        account_id,
        '(none)' as provider,
        user_key as scope_key,
        usage_date,
        cost_usd
    from cost_by_user
    where usage_date >= $first_day::date and usage_date <= $last_day::date and user_key <> '(none)'
    union all
    select
        scopes.scope,
        left_out.account_id,
        case when scopes.scope in ('surface', 'model') then left_out.provider else '(none)' end as provider,
        case scopes.scope
            when 'account' then left_out.account_id
            when 'surface' then left_out.surface
            when 'model' then left_out.model
            else left_out.user_key
        end as scope_key,
        left_out.usage_date,
        -left_out.cost_usd as cost_usd
    from left_out
    cross join (select unnest(['account', 'surface', 'model', 'user']) as scope) as scopes
)

select
    scope,
    account_id,
    provider,
    scope_key,
    usage_date,
    sum(cost_usd)::double as amount
from amounts
where scope = 'account' or scope_key <> '(none)'
group by scope, account_id, provider, scope_key, usage_date
having sum(cost_usd) <> 0
