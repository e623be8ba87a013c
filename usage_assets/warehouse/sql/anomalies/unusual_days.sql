-- grain: one unusual day of a series
-- key: usage_date, kind, scope, account_id, provider, scope_key
select
    usage_date,
    kind,
    scope,
    account_id,
    provider,
    scope_key,
    expected,
    actual,
    score,
    contributions,
    shares
from bookkeeping.unusual_days
