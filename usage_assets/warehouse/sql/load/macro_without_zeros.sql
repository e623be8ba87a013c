-- numbers with NULL in place of 0
-- key: none
create or replace temp macro without_zeros(numbers) as list_transform(numbers, lambda number: nullif(number, 0))
