-- grain: at most one row, the rules by which seats were last derived
-- key: none
select rules from bookkeeping.seat_rules
