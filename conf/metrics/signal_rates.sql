-- How often each signal adds to a score, and how much.
select c.name as name, count(*) as decisions, sum(case when c.points > 0 then 1 else 0 end) as speaking_for_attack,
       avg(cast(c.points as double)) as mean_points
from contributions c
group by c.name
order by name
