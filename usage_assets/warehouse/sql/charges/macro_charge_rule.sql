-- the charge rule of a row in one currency, which selects the billed charge types, from the sums of its charges
-- key: none
create or replace temp macro charge_rule(net, total, parts, discount, credit, included, leading_charge) as
case
    when net is not null and (leading_charge = 'net' or total is null) then 'net'
    when total is not null then 'total'
    when coalesce(parts, discount, credit) is not null then 'components'
    when included is not null then 'included'
    else 'none'
end
