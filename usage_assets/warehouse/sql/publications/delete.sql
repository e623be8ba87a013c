-- deletes: the publication before the one that is inserted
-- key: none
delete from bookkeeping.publications
