-- grain: a currency of which every day of cost has a rate
-- key: currency
select currency
from bookkeeping.shown_currencies
order by currency
