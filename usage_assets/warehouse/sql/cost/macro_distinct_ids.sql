-- the ids of a list, each once, without surrounding blanks; blank ids are left out
-- key: none
create or replace temp macro distinct_ids(ids) as
list_distinct(list_filter(list_transform(ids, lambda id: trim(id::varchar)), lambda id: id <> ''))
