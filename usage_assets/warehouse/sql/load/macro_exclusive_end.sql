-- the exclusive end a vendor means: a last second, millisecond or microsecond gains one, a date alone may gain a day;
-- most ends stand on a whole minute, which is told first; key: none
create or replace temp macro exclusive_end(text, moment, is_inclusive) as
case
    when strlen(trimmed(text)) = 10 then case when is_inclusive then moment + interval 1 day else moment end
    when epoch_us(moment) % 60000000 = 0 then moment
    when epoch_us(moment) % 1000000 = 999999 then moment + interval 1 microsecond
    when epoch_us(moment) % 1000000 = 999000 then moment + interval 1 millisecond
    when epoch_us(moment) % 3600000000 = 3599000000 then moment + interval 1 second
    else moment
end
