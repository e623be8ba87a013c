-- the number of the first source that has one: a source is the places of one path, or of several that are added
-- key: none
create or replace temp macro first_number(numbers, sources) as
coalesce(
    case when sources[1].first = sources[1].last then numbers[sources[1].first] end, -- speed: the usual case
    case
        when len(sources) > 1 or sources[1].last > sources[1].first
            then list_any_value(
                list_transform(sources, lambda source: list_sum(numbers[source.first:source.last]))
            )::bigint
    end
)
