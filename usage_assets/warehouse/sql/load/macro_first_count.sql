-- the first whole number among the texts found, NULL where none is one
-- key: none
create or replace temp macro first_count(texts) as
list_filter(list_transform(texts, lambda text: count_of(text)), lambda count: count is not null)[1]
