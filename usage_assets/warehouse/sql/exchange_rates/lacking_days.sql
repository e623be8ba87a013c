-- grain: a day of cost without a recorded rate of a wanted currency
-- key: currency, usage_date
with wanted_days as (
    select
        wanted.currency,
        days_of_cost.usage_date
    from (select unnest($currencies::varchar[]) as currency) as wanted
    cross join (select distinct usage_date from cost) as days_of_cost
)

select
    wanted_days.currency,
    wanted_days.usage_date
from wanted_days
left join exchange_rates
    on wanted_days.currency = exchange_rates.currency and wanted_days.usage_date = exchange_rates.usage_date
where exchange_rates.currency is null
