-- grain: one day of a scope in a budget's currency, of the accounts with one lag; without days that are missing
-- key: scope, currency, usage_date, lag
with missing_days as (
    select
        account_id,
        usage_date
    from coverage
    where state not in ('final', 'provisional')
),

amounts as (
    select
        shown.scope,
        shown.currency,
        costs.usage_date,
        lags.lag,
        case
            when costs.currency = shown.currency then costs.cost
            when shown.currency = 'USD' then costs.cost_usd
            else converted(costs.cost_usd, exchange_rates.units_per_usd)
        end as amount
    from bookkeeping.budget_costs as costs
    inner join shown_scopes as shown on costs.scope = shown.scope
    inner join account_lags as lags on costs.account_id = lags.account_id
    left join missing_days
        on costs.account_id = missing_days.account_id and costs.usage_date = missing_days.usage_date
    left join exchange_rates
        on costs.usage_date = exchange_rates.usage_date and shown.currency = exchange_rates.currency
    where
        costs.usage_date between $first_day::date and $last_day::date
        and missing_days.usage_date is null
)

select
    scope,
    currency,
    usage_date,
    lag,
    sum(amount) as amount
from amounts
where amount is not null
group by scope, currency, usage_date, lag
order by scope, currency, usage_date, lag
