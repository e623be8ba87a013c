-- grain: at most one row, the last publication of this file
-- key: none
select publication from bookkeeping.publications
