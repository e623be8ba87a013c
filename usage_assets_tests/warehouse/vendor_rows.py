"""A row of each vendor exactly as the API returns it, on one line, as in a landing file."""

CLAUDE_ACTIVITY = (
    '{"id":"claude_activity_user_01AbC_2026-11-20","product":{"id":"claude_code","name":"Claude Code"},'
    '"user":{"id":"user_01AbC","email":"dev@acme.com","name":"Dev One"},"surface":"claude_code",'
    '"usage":{"activity":{"is_active":true},"sessions":{"distinct":4,"dispatch_turns":2},"code":{"commits":3}},'
    '"start_date":"2026-11-20T00:00:00.000Z","end_date":"2026-11-21T00:00:00.000Z",'
    '"remote_data":{"user":{"id":"user_01AbC"},"claude_code_metrics":{"core_metrics":{"commit_count":3}}}}'
)

CLAUDE_COST = (
    '{"id":"c1","product":{"id":"claude_code"},"organization":{"id":"org-uuid"},'
    '"user":{"id":"user_01AbC","email":"dev@acme.com"},"model":{"id":"claude-sonnet-4-6","provider":"anthropic"},'
    '"surface":"claude_code","metric_name":"cost","charges":[{"amount":12.3456,"currency":"USD","type":"net"},'
    '{"amount":13.7,"currency":"USD","type":"total"}],"start_date":"2026-11-20T00:00:00Z","end_date":"2026-11-21T00:00:00Z",'
    '"remote_data":{"amount":"1234.56","list_amount":"1370.00","currency":"USD"}}'
)

CODEX = (
    '{"id":"o1","product":{"id":"completions","name":"Completions"},"metric_name":"completions",'
    '"user":{"id":"user-abc123"},"model":{"id":"gpt-5","provider":"openai"},'
    '"usage":{"requests":{"total":5},"tokens":{"input":1000,"cached_input":800,"output":500}},'
    '"start_date":"2026-11-22T00:00:00Z","end_date":"2026-11-23T00:00:00Z",'
    '"remote_data":{"input_tokens":1000,"output_tokens":500,"input_cached_tokens":800,"num_model_requests":5}}'
)

CONFLUENT = (
    '{"id":"dlz-f3a90de","product":{"id":"KAFKA","name":"KAFKA"},"metric_name":"KAFKA_NUM_CKUS",'
    '"resources":[{"id":"lkc-12345","name":"prod-kafka","workspace":{"id":"env-123","name":"prod"}}],'
    '"usage":{"quantity":24,"unit":"CKU-hour"},"charges":[{"amount":36.0,"currency":"USD","type":"total"},'
    '{"amount":4.0,"currency":"USD","type":"discount"}],'
    '"start_date":"2026-11-18T00:00:00Z","end_date":"2026-11-19T00:00:00Z"}'
)

CURSOR = (
    '{"id":"cursor_12345_2026-11-20","product":{"id":"cursor","name":"Cursor"},"metric_name":"daily_usage",'
    '"user":{"id":"12345","email":"developer@company.com"},"model":{"id":"gpt-5","provider":"cursor"},'
    '"usage":{"activity":{"is_active":true},"requests":{"chat":128,"agent":12,"included":180,"usage_based":5}},'
    '"start_date":"2026-11-20T00:00:00.000Z","end_date":"2026-11-20T23:59:59.999Z"}'
)

DATADOG = (
    '{"id":"d1","product":{"id":"infra_host","name":"infra_host"},"metric_name":"infra_host",'
    '"organization":{"id":"abc123public","name":"Acme"},"charges":[{"amount":60,"currency":"USD","type":"committed"},'
    '{"amount":40,"currency":"USD","type":"on_demand"},{"amount":100,"currency":"USD","type":"total"}],'
    '"start_date":"2026-10-01T00:00:00Z","end_date":"2026-10-31T23:59:59Z"}'
)
