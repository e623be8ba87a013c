-- the billed cost of a row in one currency under its charge rule; discount and credit are positive
-- key: none
create or replace temp macro billed_cost(charge_rule, net, total, parts, discount, credit) as
case charge_rule
    when 'net' then net
    when 'total' then total
    when 'components' then coalesce(parts, 0) - coalesce(discount, 0) - coalesce(credit, 0)
    when 'included' then 0
end::decimal(38, 12)
