-- the exclusive end a vendor means: a last second, millisecond or microsecond gains one, a date alone may gain a day
-- key: none
create or replace temp macro exclusive_end(text, is_inclusive) as
case
    when length(trim(text)) = 10
        then utc_moment(text) + case when is_inclusive then interval 1 day else interval 0 day end
    when date_part('microsecond', utc_moment(text)) % 1000000 = 999999
        then utc_moment(text) + interval 1 microsecond
    when date_part('microsecond', utc_moment(text)) % 1000000 = 999000
        then utc_moment(text) + interval 1 millisecond
    when strftime(utc_moment(text), '%M:%S.%f') = '59:59.000000' then utc_moment(text) + interval 1 second
    else utc_moment(text)
end
