-- How often each rule matches, by verdict.
select m.rule as rule, d.verdict as verdict, count(*) as matches
from matches m
join decisions d on d.id = m.id
group by m.rule, d.verdict
order by rule, verdict
