-- what the pipeline notes for itself, apart from the tables people read
-- key: none
create schema if not exists bookkeeping
