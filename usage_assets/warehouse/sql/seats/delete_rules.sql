-- deletes: the rules by which seats were derived before
-- key: none
delete from bookkeeping.seat_rules
