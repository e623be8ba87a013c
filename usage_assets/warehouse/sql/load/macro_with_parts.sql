-- each count, or where it is missing the sum of the counts that it includes
-- key: none
create or replace temp macro with_parts(counts, includes) as
list_transform(includes, lambda parts, n: coalesce(counts[n], list_sum(list_select(counts, parts))))
