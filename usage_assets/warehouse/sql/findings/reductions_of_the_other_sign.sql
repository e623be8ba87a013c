-- grain: one account's day and currency with discounts or credits that stand alone and have the sign that takes back, by
-- type; `amount` is what they add to the cost; key: usage_date, account_id, subject, currency
insert into bookkeeping.cost_findings by name
with reductions as (
    select
        row_costs.usage_date,
        row_costs.account_id,
        charge_sums.currency,
        case charge_sums.reduction_sign when 'negative' then 1 else -1 end as direction,
        unnest([
            {subject: 'discount', amount: charge_sums.discount},
            {subject: 'credit', amount: charge_sums.credit}
        ], recursive := true)
    from charge_sums
    inner join row_costs using (usage_key, currency)
    where
        row_costs.part = 1
        and charge_sums.charge_rule = 'components'
        and coalesce(charge_sums.parts, 0) = 0
        and coalesce(charge_sums.discount, charge_sums.credit) is not null
)

select
    'reductions_of_the_other_sign' as check_name,
    usage_date,
    account_id,
    subject,
    currency,
    count(*) as affected_rows,
    sum(direction * amount) as amount
from reductions
where usage_date in (select days.usage_date from days) and direction * amount > 0
group by all
