-- grain: one account's day and currency with rows whose total and parts differ by more than 0.01, with and without
-- discount, credit and tax; key: usage_date, account_id, currency
insert into bookkeeping.cost_findings by name
with sums as (
    select
        row_costs.usage_date,
        row_costs.account_id,
        charge_sums.currency,
        charge_sums.total,
        charge_sums.parts,
        abs(coalesce(charge_sums.discount, 0)) as discount,
        abs(coalesce(charge_sums.credit, 0)) as credit,
        coalesce(charge_sums.tax, 0) as tax
    from charge_sums
    inner join row_costs using (usage_key, currency)
    where row_costs.part = 1 and charge_sums.total is not null and charge_sums.parts is not null
)

select
    'components_that_disagree' as check_name,
    usage_date,
    account_id,
    currency,
    count(*) as affected_rows,
    sum(abs(total - parts)) as amount
from sums
where
    usage_date in (select days.usage_date from days)
    and abs(total - parts) > 0.01
    and abs(total - (parts - discount)) > 0.01
    and abs(total - (parts - credit)) > 0.01
    and abs(total - (parts + tax)) > 0.01
    and abs(total - (parts - discount - credit)) > 0.01
    and abs(total - (parts - discount + tax)) > 0.01
    and abs(total - (parts - credit + tax)) > 0.01
    and abs(total - (parts - discount - credit + tax)) > 0.01
group by usage_date, account_id, currency
