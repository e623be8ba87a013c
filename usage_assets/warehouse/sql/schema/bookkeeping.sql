-- creates the schema of the pipeline's internal tables, separate from the tables for people
-- key: none
create schema if not exists bookkeeping
