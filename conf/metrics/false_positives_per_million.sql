-- Held and refused messages known to be safe, in a million decisions, by month.
select substr(d.at, 1, 7) as month, count(*) as decisions,
       sum(case when d.verdict in ('hold', 'tempfail', 'reject') and l.label = 'safe' then 1 else 0 end) as false_positives,
       cast(sum(case when d.verdict in ('hold', 'tempfail', 'reject') and l.label = 'safe' then 1 else 0 end) as double)
         * 1000000 / count(*) as per_million
from decisions d
left join (select id, label from labels where current = 1) l on l.id = d.id
group by substr(d.at, 1, 7)
order by month
