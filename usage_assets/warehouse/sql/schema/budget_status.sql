-- grain: one budget and day, with what was known of its period the morning after that day
-- key: budget, usage_date
create table budget_status (
    usage_date date not null,
    budget varchar not null,
    owner varchar,
    scope varchar not null,
    period varchar not null,
    period_start date not null,
    period_end date not null,
    currency varchar not null,
    amount decimal(38, 12) not null,
    counted_from date not null,
    complete_through date,
    spent decimal(38, 12) not null,
    share decimal(38, 6) not null,
    projected decimal(38, 12),
    low decimal(38, 12),
    high decimal(38, 12),
    thresholds decimal(9, 3)[] not null,
    crossed struct(threshold decimal(9, 3), crossed_on date)[] not null,
    spent_on date,
    reason varchar
);

comment on column budget_status.usage_date is 'UTC day; the status is that of its next morning';
comment on column budget_status.budget is 'name of the budget in `budgets.csv`';
comment on column budget_status.owner is 'who answers for it; NULL if the file names nobody';
comment on column budget_status.scope is 'what counts, such as `team=Research, provider=anthropic`; `(all)` without a condition';
comment on column budget_status.period is '`month`, `quarter` or `year`';
comment on column budget_status.period_start is 'first day of the period';
comment on column budget_status.period_end is 'last day of the period';
comment on column budget_status.currency is 'currency of the budget and of all amounts';
comment on column budget_status.amount is 'what may be spent in the period';
comment on column budget_status.counted_from is 'first day of the period whose cost can be known: later than `period_start` where the history begins later';
comment on column budget_status.complete_through is 'last day that is known of every account of the scope; of later days, the accounts that are known count and the others are expected; NULL where nothing of the scope had cost in this month or the one before';
comment on column budget_status.spent is 'cost of the days of the period that are known';
comment on column budget_status.share is '`spent` as a share of `amount`, where 1 is all of it';
comment on column budget_status.projected is 'expected cost of the whole period, in cents; NULL where there is a `reason`';
comment on column budget_status.low is 'lower end of the range that holds it in about 80 % of cases; NULL where there is a `reason`';
comment on column budget_status.high is 'upper end of that range';
comment on column budget_status.thresholds is 'the shares of `amount` at which somebody wants to know, in percent';
comment on column budget_status.crossed is 'the thresholds that are reached, each with the day whose cost reached it';
comment on column budget_status.spent_on is 'day on which the amount was or is expected to be used up; NULL if it is expected to last';
comment on column budget_status.reason is 'why there is no projection, such as less than two weeks of history; else NULL';
