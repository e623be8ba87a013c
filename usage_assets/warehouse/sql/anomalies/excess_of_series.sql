-- grain: the cost of one of the finest series on an unusual day of its account, less its mean on the compared days
-- key: usage_date, account_id, provider, model, surface, user_key
create or replace temp table excess_of_series as
with account_days as (
    select distinct
        account_id,
        usage_date,
        compared
    from new_unusual_days
),

used_days as (
    select
        account_id,
        usage_date as unusual_day,
        usage_date,
        1.0::double as weight
    from account_days
    union all
    select
        account_id,
        usage_date as unusual_day,
        unnest(compared) as usage_date,
        -1.0 / len(compared) as weight
    from account_days
),

lines as (
    select
        usage_date,
        account_id,
        provider,
        model,
        surface,
        user_key,
        sum(cost_usd) as cost_usd
    from (
        select
            usage_date,
            account_id,
            provider,
            model,
            surface,
            user_key,
            cost_usd
        from cost
        where (account_id, usage_date) in (select account_id, usage_date from used_days)
        union all
        select
            usage_date,
            account_id,
            provider,
            model,
            surface,
            user_key,
            -cost_usd as cost_usd
        from left_out
        where (account_id, usage_date) in (select account_id, usage_date from used_days)
    )
    group by usage_date, account_id, provider, model, surface, user_key
)

select
    used_days.unusual_day as usage_date,
    used_days.account_id,
    lines.provider,
    lines.model,
    lines.surface,
    lines.user_key,
    list_sum(list_sort(list(lines.cost_usd::double * used_days.weight))) as excess
from used_days
inner join lines on used_days.account_id = lines.account_id and used_days.usage_date = lines.usage_date
where lines.cost_usd <> 0
group by used_days.unusual_day, used_days.account_id, lines.provider, lines.model, lines.surface, lines.user_key
