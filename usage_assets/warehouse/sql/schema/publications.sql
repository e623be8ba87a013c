-- grain: the last publication; the landing folder holds its name too, so a file that was replaced is noticed
-- key: publication
create table bookkeeping.publications (
    publication varchar not null
);
