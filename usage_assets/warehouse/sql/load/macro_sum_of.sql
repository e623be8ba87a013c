-- the sum of the counts at some places of every part of a row; NULL if all are missing; speed: most rows have one part
-- key: none
create or replace temp macro sum_of(parts, places) as
case
    when len(parts) = 1 then list_sum(list_select(parts[1], places))
    else list_sum(flatten(list_transform(parts, lambda part: list_select(part, places))))
end::bigint
