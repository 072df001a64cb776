-- Final words, one message each on one connection, spoken by an MTA of version 2 that waits for every reply.
--| reply 550 5.7.1 "Refused: credential phishing"
--| tempfail
--| reject
--| discard

-- miltertest does not tell what an error says.
function fail(what)
	mt.echo(what)
	error(what)
end

function say(step, fault)
	if fault ~= nil then
		fail(step .. ": " .. fault)
	end
end

conn = mt.connect(socket)
if conn == nil then
	fail("no connection")
end
say("negotiate", mt.negotiate(conn, 2, 63, 127))
say("connect", mt.conninfo(conn, "mail.example.org", "192.0.2.7"))
if mt.getreply(conn) ~= SMFIR_CONTINUE then
	fail("the connection is to go on")
end

function message()
	say("mail", mt.mailfrom(conn, "<anna@example.org>"))
	say("rcpt", mt.rcptto(conn, "<bert@example.net>"))
	say("header", mt.header(conn, "Subject", "Hello"))
	if mt.getreply(conn) ~= SMFIR_CONTINUE then
		fail("each header field is to be answered")
	end
	say("end of header", mt.eoh(conn))
	say("body", mt.bodystring(conn, "Good morning.\r\n"))
	say("end", mt.eom(conn))
end

message()
if not mt.eom_check(conn, MT_SMTPREPLY, "550", "5.7.1", "Refused: credential phishing") then
	fail("the reply is not the filter's")
end
for n, letter in ipairs({ SMFIR_TEMPFAIL, SMFIR_REJECT, SMFIR_DISCARD }) do
	message()
	if mt.getreply(conn) ~= letter then
		fail("final word " .. n .. " is another")
	end
end
mt.disconnect(conn)
