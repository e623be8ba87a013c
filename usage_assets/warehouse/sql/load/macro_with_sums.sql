-- numbers, followed by the sums of those at the given places
-- key: none
create or replace temp macro with_sums(numbers, sums) as
list_concat(numbers, list_transform(sums, lambda places: list_sum(list_select(numbers, places))::bigint))
