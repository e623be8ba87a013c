-- grain: one usage row that touches the days of a step and has charges
-- key: usage_key
create or replace temp table charged_rows as
select
    usage.usage_key,
    coalesce(integration_rules.leading_charge, $leading_charge) as leading_charge,
    coalesce(integration_rules.reduction_sign, $reduction_sign) as reduction_sign,
    usage.charges
from usage
left join integration_rules on usage.integration = integration_rules.integration
anti join bookkeeping.ignored_days as ignored
    on
        usage.account_id = ignored.account_id
        and usage.usage_date >= ignored.first_day
        and usage.usage_date <= ignored.last_day
where
    usage.usage_date in (select start_days.usage_date from start_days)
    and usage.last_day >= $first_day
    and len(usage.charges) > 0
