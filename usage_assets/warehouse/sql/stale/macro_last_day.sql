-- the last UTC day of a row's cost: its only day; for a row of more than 24 hours, the last day begun before its fetch
-- key: none
create or replace temp macro last_day_of(start_at, end_at, fetched_at) as
case
    when end_at - start_at <= interval 24 hours then start_at::date
    else greatest(start_at::date, (least(end_at, fetched_at) - interval 1 microsecond)::date)
end
