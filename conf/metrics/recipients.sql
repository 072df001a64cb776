-- What was decided of the mail to each domain of recipients.
select dl.recipient_domain as domain, dl.verdict as verdict, count(*) as deliveries
from deliveries dl
group by dl.recipient_domain, dl.verdict
order by domain, verdict
