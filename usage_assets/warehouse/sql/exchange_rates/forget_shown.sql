-- deletes: all shown currencies
-- key: currency
delete from bookkeeping.shown_currencies
