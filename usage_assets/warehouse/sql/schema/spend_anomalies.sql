-- grain: one incident: unusual days of spend that follow each other
-- key: anomaly_id
create table spend_anomalies (
    anomaly_id varchar not null,
    scope varchar not null,
    scope_key varchar not null,
    account_id varchar not null,
    provider varchar not null,
    kind varchar not null,
    first_day date not null,
    last_day date not null,
    currency varchar not null,
    expected decimal(38, 12) not null,
    actual decimal(38, 12) not null,
    excess decimal(38, 12) not null,
    score double not null,
    causes struct(
        account_id varchar, provider varchar, model varchar, surface varchar, user_key varchar, excess decimal(38, 12)
    )[] not null,
    status varchar not null,
    acknowledged_at timestamp,
    note varchar
);

comment on column spend_anomalies.anomaly_id is 'hash of kind, scope, account, provider, key and first day';
comment on column spend_anomalies.scope is '`account`, `team`, `surface`, `model` or `user`: the narrowest that explains the incident';
comment on column spend_anomalies.scope_key is 'the account id, team, surface, model or `user_key`';
comment on column spend_anomalies.account_id is 'Truto''s id of the integrated account';
comment on column spend_anomalies.provider is 'provider of the surface or model; `(none)` for an account, team or user';
comment on column spend_anomalies.kind is '`spike`, or `drop`: nothing where spend was regular';
comment on column spend_anomalies.first_day is 'first unusual day';
comment on column spend_anomalies.last_day is 'last unusual day; up to two usual days may lie between two unusual ones';
comment on column spend_anomalies.currency is 'currency of the amounts: `USD`';
comment on column spend_anomalies.expected is 'expected cost of the unusual days, rounded to cents';
comment on column spend_anomalies.actual is 'cost of the unusual days without fees and rows of several days, rounded to cents';
comment on column spend_anomalies.excess is '`actual` less `expected`; negative for a drop';
comment on column spend_anomalies.score is 'how many usual deviations the most unusual day is from its expected cost; negative for a drop';
comment on column spend_anomalies.causes is 'the three series that contributed most, each with its cost above what is expected, rounded to cents';
comment on column spend_anomalies.status is '`open`, `resolved` (three complete days without an unusual one) or `acknowledged`';
comment on column spend_anomalies.acknowledged_at is 'when a person acknowledged it, UTC; NULL if nobody did';
comment on column spend_anomalies.note is 'the note of that person';
