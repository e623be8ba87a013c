-- the exclusive end of a row: an end just before a full second or hour is rounded up; an inclusive date gains a day
-- key: none
create or replace temp macro exclusive_end(text, moment, is_inclusive) as
case
    when strlen(trimmed(text)) = 10 then case when is_inclusive then moment + interval 1 day else moment end
    when epoch_us(moment) % 1000000 = 999999 then moment + interval 1 microsecond
    when epoch_us(moment) % 1000000 = 999000 then moment + interval 1 millisecond
    when epoch_us(moment) % 3600000000 = 3599000000 then moment + interval 1 second
    else moment
end
