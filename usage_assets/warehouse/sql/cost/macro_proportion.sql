-- amount * weight / whole in whole numbers, truncated toward zero, with 0 <= weight <= whole; a product beyond 38 digits
-- is divided digit by digit to the base 1e9; 0 without a whole; key: none
create or replace temp macro proportion(amount, weight, whole) as
case
    when amount is null then null
    when weight is null or coalesce(whole, 0) <= 0 then 0
    else coalesce(
        try(amount * weight) // whole,
        amount // whole * weight + list_reduce(
            [
                {digit: amount % whole, quotient: 0::hugeint, rest: 0::hugeint},
                {digit: weight // 1000000000000000000000000000, quotient: 0::hugeint, rest: 0::hugeint},
                {digit: weight // 1000000000000000000 % 1000000000, quotient: 0::hugeint, rest: 0::hugeint},
                {digit: weight // 1000000000 % 1000000000, quotient: 0::hugeint, rest: 0::hugeint},
                {digit: weight % 1000000000, quotient: 0::hugeint, rest: 0::hugeint}
            ],
            lambda done, next: {
                digit: done.digit,
                quotient:
                    done.quotient * 1000000000 + (done.rest * 1000000000 + done.digit * next.digit) // whole,
                rest: (done.rest * 1000000000 + done.digit * next.digit) % whole
            }
        ).quotient
    )
end
