-- the whole numbers below 1e15 in a list of texts, in the order of the texts; NULL for any other text
-- key: none
create or replace temp macro read_counts(texts) as
list_transform(
    try_cast(texts as double[]), lambda number: case when number % 1 = 0 and abs(number) < 1e15 then number::bigint end
)
