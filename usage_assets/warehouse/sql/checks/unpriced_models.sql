-- grain: one model whose tokens have no price, with its share of all tokens on these days
-- key: model
with unpriced as (
    select
        subject,
        min(usage_date) as first_day,
        max(usage_date) as last_day,
        sum(affected_rows)::bigint as affected_rows,
        sum(tokens)::hugeint as tokens
    from bookkeeping.cost_findings
    where check_name = 'unpriced_models'
    group by subject
)

select
    unpriced.subject as model,
    unpriced.first_day,
    unpriced.last_day,
    unpriced.affected_rows,
    unpriced.tokens,
    round(
        100 * unpriced.tokens::double / (
            select sum(
                coalesce(input_tokens, 0) + coalesce(cached_input_tokens, 0) + coalesce(cache_write_tokens, 0)
                + coalesce(output_tokens, 0)
            )
            from cost_by_account
            where usage_date between unpriced.first_day and unpriced.last_day
        )::double,
        2
    ) as percent_of_tokens
from unpriced
order by unpriced.tokens desc, model
