-- grain: a shown currency on a day that has no rate of it
-- key: usage_date, currency
insert into exchange_rates by name
select day_rates.*
from day_rates
anti join exchange_rates using (usage_date, currency)
