-- How many of the labelled messages that were not let pass were attacks, by their strongest reason.
select coalesce(d.detector, '') as detector, count(*) as labelled,
       sum(case when l.label = 'attack' then 1 else 0 end) as attacks,
       cast(sum(case when l.label = 'attack' then 1 else 0 end) as double) / count(*) as share
from decisions d
join labels l on l.id = d.id and l.current = 1
where d.verdict <> 'accept'
group by coalesce(d.detector, '')
order by detector
