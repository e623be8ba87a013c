-- numbers, followed by the sums of those at the given places; speed: few rows have a number to add
-- key: none
create or replace temp macro with_sums(numbers, sums) as
case
    when list_count(list_select(numbers, flatten(sums))) = 0 then numbers
    else list_concat(numbers, list_transform(sums, lambda places: list_sum(list_select(numbers, places))::bigint))
end
