-- the currency of the cost line that holds the tokens, requests and estimate of a row with these charges
-- key: none
create or replace temp macro counting_currency(charges) as
case
    when list_contains(list_transform(charges, lambda charge: charge.currency), 'USD') then 'USD'
    else list_min(list_transform(charges, lambda charge: charge.currency))
end
