-- the whole number a text names; -1e15 for a text that names none or one beyond any traffic; NULL for no text, and
-- for a group of further members; key: none
create or replace temp macro read_count(text) as
case
    when try_cast(text as bigint) between -999999999999999 and 999999999999999 and not contains(text, '.')
        then try_cast(text as bigint)
    when try_cast(text as double) % 1 = 0 and abs(try_cast(text as double)) < 1e15 then try_cast(text as bigint)
    when text is not null and left(text, 1) not in ('{', '[') then -1000000000000000
end
