-- a line's share of a whole number: truncated toward zero; the last line of a rule gets what the others leave; NULL for
-- cost that is not shared; key: none
create or replace temp macro share_of_rule(whole, weight, other_weights) as
case
    when weight is null then null
    when other_weights is null then proportion(whole, weight, 1000000000000)
    else whole - list_sum(list_transform(other_weights, lambda other: proportion(whole, other, 1000000000000)))
end
