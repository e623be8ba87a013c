-- money less the discounts and credits that stand beside it: nearer to zero (or past it) whatever their sign, so 10
-- less 2 is 8 and -10 less 2 is -8; key: none
create or replace temp macro lessened(amount, discount, credit) as
amount - case when amount < 0 then -1 else 1 end * (abs(coalesce(discount, 0)) + abs(coalesce(credit, 0)))
