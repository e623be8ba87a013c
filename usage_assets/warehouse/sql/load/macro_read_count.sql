-- the whole number below 1e15 in a text, NULL for any other text
-- key: none
create or replace temp macro read_count(text) as
case
    when try_cast(text as double) % 1 = 0 and abs(try_cast(text as double)) < 1e15 then try_cast(text as bigint)
end
