-- grain: a currency of which every day of cost has a rate from now on
-- key: currency
insert into bookkeeping.shown_currencies
select unnest($shown::varchar[])
