-- grain: the rules by which `seats` were last derived: hash of seats.csv and days until a seat is idle
-- key: none
create table bookkeeping.seat_rules (
    rules varchar not null
);
