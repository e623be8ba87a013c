-- whether an amount equals one of `amounts`, or their sum, but for a cent, and for a thousandth of a smaller amount
-- key: none
create or replace temp macro is_among(amount, amounts, amounts_sum) as
len(list_filter(
    list_append(coalesce(amounts, []), amounts_sum),
    lambda other: abs(other - amount) <= least(0.01, abs(amount) / 1000)
)) > 0
