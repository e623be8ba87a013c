-- grain: two accounts of one integration on a day on which both hold the same rows, by currency; `amount` is the cost
-- that counts twice; key: usage_date, account_id, subject, currency
insert into bookkeeping.cost_findings by name
-- rows without money and tokens are alike in many accounts and say nothing
with valued as not materialized (
    select
        cost.*,
        -- speed: few of these are in two accounts, and only their rows are compared in whole
        hash(usage_date, integration, row_id, currency, cost, input_tokens, output_tokens) as likeness
    from cost
    where
        usage_date in (select days.usage_date from days)
        and (cost <> 0 or input_tokens <> 0 or cached_input_tokens <> 0 or cache_write_tokens <> 0 or output_tokens <> 0)
),

row_totals as (
    select
        usage_date,
        account_id,
        count(*) as day_rows
    from valued
    group by usage_date, account_id
),

shared as (
    select likeness
    from valued
    group by likeness
    having min(account_id) <> max(account_id)
),

alike as (
    select
        valued.usage_date,
        valued.usage_key,
        valued.account_id,
        valued.currency,
        valued.cost,
        coalesce(valued.input_tokens, 0) + coalesce(valued.cached_input_tokens, 0)
        + coalesce(valued.cache_write_tokens, 0) + coalesce(valued.output_tokens, 0) as tokens,
        md5(json_array(
            integration, report, row_id, provider, model, surface, product_id, metric_name, organization_id, currency,
            cost, input_tokens, cached_input_tokens, cache_write_tokens, output_tokens, requests
        )::varchar) as content
    from valued
    inner join shared on valued.likeness = shared.likeness
),

contents as (
    select
        alike.usage_date,
        alike.account_id,
        alike.content,
        usage.start_at,
        usage.end_at,
        any_value(alike.currency) as currency,
        any_value(alike.cost) as cost,
        any_value(alike.tokens) as tokens,
        count(*) as content_rows
    from alike
    inner join usage on alike.usage_key = usage.usage_key
    group by alike.usage_date, alike.account_id, alike.content, usage.start_at, usage.end_at
),

pairs as (
    select
        contents.usage_date,
        contents.account_id,
        others.account_id as other_account_id,
        contents.currency,
        contents.cost,
        contents.tokens,
        least(contents.content_rows, others.content_rows) as equal_rows
    from contents
    inner join contents as others
        on
            contents.usage_date = others.usage_date
            and contents.content = others.content
            and contents.start_at = others.start_at
            and contents.end_at = others.end_at
            and contents.account_id < others.account_id
),

-- one row alone may be alike by chance: an id such as `total` and the same flat fee
evident as (
    select
        pairs.usage_date,
        pairs.account_id,
        pairs.other_account_id
    from pairs
    inner join row_totals on pairs.usage_date = row_totals.usage_date and pairs.account_id = row_totals.account_id
    inner join row_totals as other_totals
        on pairs.usage_date = other_totals.usage_date and pairs.other_account_id = other_totals.account_id
    group by all
    having
        sum(pairs.equal_rows) >= 3
        or 2 * sum(pairs.equal_rows) >= least(any_value(row_totals.day_rows), any_value(other_totals.day_rows))
)

select
    'same_usage_in_two_accounts' as check_name,
    pairs.usage_date,
    pairs.account_id,
    pairs.other_account_id as subject,
    pairs.currency,
    sum(pairs.equal_rows)::bigint as affected_rows,
    sum(pairs.cost * pairs.equal_rows) as amount,
    sum(pairs.tokens * pairs.equal_rows) as tokens
from pairs
inner join evident
    on
        pairs.usage_date = evident.usage_date
        and pairs.account_id = evident.account_id
        and pairs.other_account_id = evident.other_account_id
group by pairs.usage_date, pairs.account_id, pairs.other_account_id, pairs.currency
