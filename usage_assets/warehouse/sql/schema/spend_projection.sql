-- grain: one day and key of a scope, with what was known of its month the morning after that day
-- key: usage_date, scope, scope_key
create table spend_projection (
    usage_date date not null,
    scope varchar not null,
    scope_key varchar not null,
    currency varchar not null,
    month date not null,
    complete_through date not null,
    month_to_date decimal(38, 12) not null,
    projected decimal(38, 12),
    low decimal(38, 12),
    high decimal(38, 12),
    reason varchar
);

comment on column spend_projection.usage_date is 'UTC day; the projection is that of its next morning';
comment on column spend_projection.scope is '`all`, `account`, `provider`, `model`, `user` or `team`';
comment on column spend_projection.scope_key is 'the account_id, provider, model, user_key or team; `(all)` in the scope `all`';
comment on column spend_projection.currency is 'currency of the amounts';
comment on column spend_projection.month is 'first day of the month that is projected';
comment on column spend_projection.complete_through is 'last day that is known of every account of the key; of later days, the accounts that are known count and the others are forecast';
comment on column spend_projection.month_to_date is 'cost of the days of the month that are known';
comment on column spend_projection.projected is 'expected cost of the whole month, in cents; NULL where there is a `reason`';
comment on column spend_projection.low is 'lower end of the range that holds the cost of the month in about 80 % of cases; NULL where there is a `reason`';
comment on column spend_projection.high is 'upper end of that range';
comment on column spend_projection.reason is 'why there is no projection, such as less than two weeks of history; else NULL';
