-- money below 1e10 at a rate below 1e7, rounded once at its twelfth decimal: the whole part and the rest apart, since
-- their single product would need more than 38 digits; key: none
create or replace temp macro converted_part(amount, rate) as
(
    trunc(amount) * rate::decimal(38, 18) - (trunc(amount) * rate::decimal(38, 18)) % 0.000000000001
)::decimal(38, 12)
+ (
    ((trunc(amount) * rate::decimal(38, 18)) % 0.000000000001)::decimal(38, 30)
    + (amount % 1)::decimal(13, 12) * rate::decimal(25, 18)
)::decimal(38, 12)
