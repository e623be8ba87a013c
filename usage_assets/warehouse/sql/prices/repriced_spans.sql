-- grain: the days over which a row stands that is priced anew
-- key: first_day, last_day
create or replace temp table spans as
select distinct
    usage.usage_date as first_day,
    last_day_of(usage.start_at, usage.end_at, usage.fetched_at) as last_day
from usage
inner join repriced using (provider, model, usage_date)
