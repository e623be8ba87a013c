-- whether charges of this type are parts of a total
-- key: none
create or replace temp macro is_component(type) as type in ('on_demand', 'committed', 'usage_based', 'platform_fee')
