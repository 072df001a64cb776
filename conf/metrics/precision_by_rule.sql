-- How many of the labelled messages that a rule matched were attacks.
select m.rule as rule, count(*) as labelled, sum(case when l.label = 'attack' then 1 else 0 end) as attacks,
       cast(sum(case when l.label = 'attack' then 1 else 0 end) as double) / count(*) as share
from matches m
join labels l on l.id = m.id and l.current = 1
group by m.rule
order by rule
