-- a column that an aggregate lacks; `aggregate` stands for its table and `dimension` for the column
-- key: none
alter table aggregate drop column dimension
