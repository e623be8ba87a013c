-- a day's share of a whole number: truncated toward zero; the last day gets the remainder
-- key: none
create or replace temp macro day_share(whole, day_number, days) as
case when day_number < days then whole // days else whole - (whole // days) * (days - 1) end
