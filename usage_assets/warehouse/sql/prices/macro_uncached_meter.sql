-- the meter of the tokens of a cache's meter if they were not cached; NULL for a meter of no cache
-- key: none
create or replace temp macro uncached_meter(meter) as
case
    when starts_with(meter, 'cache_')
        then concat_ws('_', 'input', nullif(regexp_extract(meter, '^cache_(text|audio|image|video)_', 1), ''))
end
