-- grain: a first and last day over which a row of more than 24 hours stands, or stood before its window was replaced
-- key: first_day, last_day
create table bookkeeping.long_spans (
    first_day date not null,
    last_day date not null
);
