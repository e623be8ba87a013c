-- the quantities of a row or of an element of its list: of each the first number at the places of its sources
-- key: none
create or replace temp macro quantities_at(numbers, sources) as
list_transform(sources, lambda places: list_any_value(list_select(numbers, places)))
