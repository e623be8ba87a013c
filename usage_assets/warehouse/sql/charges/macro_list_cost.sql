-- the cost of a row in one currency before discounts and credits, with what a plan includes
-- key: none
create or replace temp macro list_cost(net, total, parts, discount, credit, included) as
case
    when coalesce(total, parts, net, included) is not null
        then coalesce(total, parts, net + (net - lessened(net, discount, credit)), 0) + coalesce(included, 0)
end::decimal(38, 12)
