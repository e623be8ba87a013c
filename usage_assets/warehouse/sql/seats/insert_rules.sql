-- grain: the rules by which seats are derived
-- key: none
insert into bookkeeping.seat_rules
select $rules as rules
