-- the numbers of the parts of a row with several, sorted; NULL for a row with one. `cost` numbers the parts of a row anew
-- from 1, because a part without any quantity has no meters; key: none
create or replace temp macro parts_of(meters) as
case
    when
        list_max(list_transform(meters, lambda counted: counted.part))
        > list_min(list_transform(meters, lambda counted: counted.part))
        then list_sort(list_distinct(list_transform(meters, lambda counted: counted.part)))
end
