-- drops a column that an aggregate lacks; `aggregate` and `dimension` are replaced by its table and the column
-- key: none
alter table aggregate drop column dimension
