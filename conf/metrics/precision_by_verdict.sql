-- How many of the labelled messages of each verdict were attacks.
select d.verdict as verdict, count(*) as labelled, sum(case when l.label = 'attack' then 1 else 0 end) as attacks,
       cast(sum(case when l.label = 'attack' then 1 else 0 end) as double) / count(*) as share
from decisions d
join labels l on l.id = d.id and l.current = 1
group by d.verdict
order by verdict
