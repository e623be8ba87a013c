-- grain: the first and last day of a row of several days; spans of replaced windows are kept
-- key: first_day, last_day
create table bookkeeping.long_spans (
    first_day date not null,
    last_day date not null
);
