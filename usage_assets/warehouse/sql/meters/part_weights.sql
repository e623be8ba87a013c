-- grain: one part of a usage row with priced meters: their list price together, and the last of them, which gets the rest
-- key: usage_row, part
create or replace temp table part_weights as
select
    usage_row,
    part,
    sum(greatest(list_price, 0)) as list_price,
    max(place) as last_place,
    arg_max(meter, place) as last_meter
from part_meters
where list_price is not null
group by usage_row, part
