-- deletes: the hash of the inputs before the present ones
-- key: digest
delete from bookkeeping.coverage_inputs
