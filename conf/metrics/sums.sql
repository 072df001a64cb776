-- Decisions whose score is not exactly the sum of its base and contributions. There must be none.
select count(*) as decisions, sum(case when d.base + coalesce(c.points, 0) <> d.score then 1 else 0 end) as wrong
from decisions d
left join (select id, sum(cast(points as double)) as points from contributions group by id) c on c.id = d.id
where d.score is not null
