-- grain: the content of one file by which its table is derived
-- key: name
insert into bookkeeping.applied_files
select
    $name as name,
    $sha256 as sha256,
    $content::blob as content
