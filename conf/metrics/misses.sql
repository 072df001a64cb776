-- Labelled mail that passed without a mark, and how much of it was an attack. Reports come of what was noticed: the share
-- among all passed mail is estimated from the audit sample, by kith report.
select coalesce(l.how, '') as how, count(*) as labelled, sum(case when l.label = 'attack' then 1 else 0 end) as attacks,
       cast(sum(case when l.label = 'attack' then 1 else 0 end) as double) / count(*) as share
from decisions d
join labels l on l.id = d.id and l.current = 1
where d.verdict = 'accept'
group by coalesce(l.how, '')
order by how
