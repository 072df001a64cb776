-- Hours from a decision to its label, by the way in which it came.
select coalesce(l.how, '') as how, count(*) as labels, avg(cast(l.at_ms - d.at_ms as double)) / 3600000 as mean_hours,
       max(cast(l.at_ms - d.at_ms as double)) / 3600000 as most_hours
from labels l
join decisions d on d.id = l.id
where l.current = 1
group by coalesce(l.how, '')
order by how
