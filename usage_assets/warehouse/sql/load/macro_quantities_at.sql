-- the quantities of a row or of an element of its list, in the order of the profile's quantities
-- key: none
create or replace temp macro quantities_at(numbers, places) as
list_transform(places, lambda sources: first_number(numbers, sources))
