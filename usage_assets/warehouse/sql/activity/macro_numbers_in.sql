-- the numbers below 1e15 in a list of JSON values, in their order; NULL for any other value
-- key: none; speed: a cast that fails takes longer than this look at the first character, which is a digit or a minus
create or replace temp macro numbers_in(found) as
try_cast(
    list_transform(found::varchar[], lambda text: case when text >= '-' and text < ':' then text end) as decimal(27, 12)[]
)
