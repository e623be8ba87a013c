-- the list price of a meter's quantity, exact; NULL without a price, and from 1e15 USD on, which no row is worth
-- key: none
create or replace temp macro metered_cost(quantity, unit_price) as
case when abs(quantity::double * unit_price::double) < 1e15 then quantity * unit_price end
