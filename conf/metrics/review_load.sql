-- Messages that were kept back each day for somebody to look at, and how many of them were looked at.
select substr(d.at, 1, 10) as day, count(*) as kept_back, sum(case when l.id is not null then 1 else 0 end) as labelled
from decisions d
left join (select id from labels where current = 1) l on l.id = d.id
where d.action in ('hold', 'tempfail', 'reject')
group by substr(d.at, 1, 10)
order by day
