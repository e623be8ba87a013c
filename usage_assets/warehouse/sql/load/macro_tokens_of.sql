-- the tokens of all parts of a row, each in one count
-- key: none
create or replace temp macro tokens_of(parts, includes, token_meters) as
list_sum(flatten(list_transform(
    parts, lambda part: separate_counts(part, with_parts(part, includes), includes)[:token_meters]
)))
