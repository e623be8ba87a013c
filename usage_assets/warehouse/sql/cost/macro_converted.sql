-- money converted at a rate, rounded once to twelve decimals; multiples of 1e10 are converted separately, so no digit
-- is lost; NULL if the result is 1e24 or more; key: none
create or replace temp macro converted(amount, rate) as
case
    when rate >= 1000000 or abs(amount)::double * rate::double >= 1e24 then null
    when abs(amount) < 10000000000 then converted_part(amount, rate)
    else
        converted_part(amount % 10000000000, rate)
        + (
            (trunc(amount)::hugeint // 10000000000 * replace(rate::decimal(38, 18)::varchar, '.', '')::hugeint)
            ::decimal(38, 0) * 0.00000001::decimal(8, 8)
        )::decimal(38, 12)
end
