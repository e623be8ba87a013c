-- grain: a currency of a cost row on a day being derived, or a shown currency on it
-- key: usage_date, currency
insert into exchange_rates by name
with used as (
    select distinct
        usage_date,
        currency
    from cost
    where usage_date in (select days.usage_date from days)
)

select day_rates.*
from day_rates
where
    day_rates.currency <> 'USD'
    and (
        (day_rates.usage_date, day_rates.currency) in (select (used.usage_date, used.currency) from used)
        or (
            list_contains($shown::varchar[], day_rates.currency)
            and day_rates.usage_date in (select used.usage_date from used)
        )
    )
