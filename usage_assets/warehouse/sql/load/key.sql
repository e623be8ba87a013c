-- grain: one line that can be loaded into its window, with the hash of all its dimensions
-- key: none yet: lines equal in all dimensions share a usage_key
create or replace temp table keyed as
select
    * exclude (is_elsewhere, reason),
    md5(
        to_json([
            account_id, report, window_start::varchar, window_end::varchar, row_id, product_id, metric_name, provider,
            model_id, user_id, surface, organization_id, resources::varchar, start_at::varchar, end_at::varchar, unit
        ])::varchar
    ) as usage_key
from staged
where reason is null and not is_elsewhere
