-- grain: the hash of the inputs by which this transaction derives coverage
-- key: digest
insert into bookkeeping.coverage_inputs
select $digest::varchar as digest
