-- grain: one month of an account whose seats differ from those in the table
-- key: account_id, month
create or replace temp table changed_months as
with held as (
    select *
    from seats
    where month in (select months.month from months)
),

changed as (
    (from new_seats except from held)
    union all
    (from held except from new_seats)
)

select distinct
    account_id,
    month
from changed
