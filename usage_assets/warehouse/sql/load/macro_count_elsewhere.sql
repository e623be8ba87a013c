-- the count found first at one of its places outside the usage object, NULL where nothing was looked for or found
-- key: none
create or replace temp macro count_elsewhere(found, places) as
case when found is not null then first_count(found[places.first_elsewhere:places.last_elsewhere]) end
