-- grain: one unusual day of an account, or of a team, surface, model or user of it
-- key: usage_date, kind, scope, account_id, provider, scope_key
create table bookkeeping.unusual_days (
    usage_date date not null,
    kind varchar not null,
    scope varchar not null,
    account_id varchar not null,
    provider varchar not null,
    scope_key varchar not null,
    expected double not null,
    actual double not null,
    score double not null,
    contributions struct(provider varchar, model varchar, surface varchar, user_key varchar, excess double)[] not null,
    shares struct(scope varchar, provider varchar, key varchar, excess double)[] not null
);
