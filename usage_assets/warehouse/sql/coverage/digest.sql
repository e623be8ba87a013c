-- grain: at most one row, the hash of the inputs by which coverage was last derived
-- key: digest
select digest from bookkeeping.coverage_inputs
