-- the one id in a list without doubles; `(none)` for an empty list, `(several)` for more than one id
-- key: none
create or replace temp macro single_id(ids) as
case coalesce(len(ids), 0) when 0 then '(none)' when 1 then ids[1] else '(several)' end
