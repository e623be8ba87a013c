-- the billed cost of a row in one currency under its charge rule; discounts and credits alone, without parts that they
-- lessen, reduce by the sign that the profile names, and take back by the other; key: none
create or replace temp macro billed_cost(charge_rule, net, total, parts, discount, credit, reduction_sign) as
case
    when charge_rule = 'net' then net
    when charge_rule = 'total' then total
    when charge_rule = 'components' and parts <> 0 then lessened(parts, discount, credit)
    when charge_rule = 'components'
        then
            case reduction_sign when 'negative' then 1 else -1 end
            * (coalesce(discount, 0) + coalesce(credit, 0))
    when charge_rule = 'included' then 0
end::decimal(38, 12)
