-- the meters of one part of a row: its counts other than 0, by their names
-- key: none
create or replace temp macro meters_of(part, model, counts, names) as
list_filter(
    list_transform(names, lambda name, n: {part: part, model: model, meter: name, quantity: counts[n]}),
    lambda counted: counted.quantity <> 0
)
