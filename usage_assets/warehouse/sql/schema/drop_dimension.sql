-- drops a column that an aggregate lacks; its table and the column replace the words `aggregate` and `dimension`
-- key: none
alter table aggregate drop column dimension
