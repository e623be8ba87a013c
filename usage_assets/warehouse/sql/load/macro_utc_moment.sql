-- the UTC moment a text names, NULL where it names none; a text without offset is UTC
-- key: none
create or replace temp macro utc_moment(text) as
case
    when regexp_matches(trim(text), '^\d{4}-\d{2}-\d{2}') then try_cast(trim(text) as timestamptz) at time zone 'UTC'
end
