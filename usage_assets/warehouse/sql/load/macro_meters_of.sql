-- the meters of one part of a row: its counts other than 0, by their names
-- key: none
create or replace temp macro meters_of(part, model, counts, names) as
list_transform(
    list_filter(generate_series(1, len(names)), lambda place: counts[place] <> 0),
    lambda place: {part: part, model: model, meter: names[place], quantity: counts[place]}
)
