-- money below 1e10 converted at a rate below 1e6, rounded once to twelve decimals; the whole part and the fraction are
-- converted separately, because a single product would need more than 38 digits; key: none
create or replace temp macro converted_part(amount, rate) as
(
    trunc(amount) * rate::decimal(38, 18) - (trunc(amount) * rate::decimal(38, 18)) % 0.000000000001
)::decimal(38, 12)
+ (
    ((trunc(amount) * rate::decimal(38, 18)) % 0.000000000001)::decimal(38, 30)
    + (amount % 1)::decimal(13, 12) * rate::decimal(25, 18)
)::decimal(38, 12)
