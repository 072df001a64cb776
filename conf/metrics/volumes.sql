-- How much came each day, and what was decided of it.
select substr(d.at, 1, 10) as day, d.verdict as verdict, count(*) as decisions, sum(d.recipient_count) as recipients,
       sum(d.bytes) as bytes
from decisions d
group by substr(d.at, 1, 10), d.verdict
order by day, verdict
