-- the whole number a text names, NULL where it names none or one beyond any traffic
-- key: none
create or replace temp macro count_of(text) as
case when abs(try_cast(text as hugeint)) < 1000000000000000 then try_cast(text as bigint) end
