-- grain: the publication of which this transaction writes the files
-- key: none
insert into bookkeeping.publications
select uuid()::varchar as publication
