-- the sum of the amounts of charges without their signs, as a double, which cannot overflow
-- key: none
create or replace temp macro sum_of_amounts(charges) as
list_sum(list_transform(charges, lambda charge: abs(charge.amount)::double))
