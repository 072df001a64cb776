-- Changes of a message that is tagged and held.
--| insert-header 0 Authentication-Results "mx.example.net; none"
--| add-header X-Kith-Verdict hold
--| change-header 1 Subject "[suspicious] Hello"
--| change-header 1 X-Old ""
--| delete-recipient <bert@example.net>
--| add-recipient <dora@example.net>
--| replace-body "Replaced.\r\n"
--| quarantine "first message from this sender"
--| accept

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

function is(what, found)
	if not found then
		fail("missing: " .. what)
	end
end

conn = mt.connect(socket)
if conn == nil then
	fail("no connection")
end
say("connect", mt.conninfo(conn, "mail.example.org", "192.0.2.7"))
say("mail", mt.mailfrom(conn, "<anna@example.org>"))
say("rcpt", mt.rcptto(conn, "<bert@example.net>"))
say("header", mt.header(conn, "Subject", "Hello"))
say("header", mt.header(conn, "X-Old", "x"))
say("end of header", mt.eoh(conn))
say("body", mt.bodystring(conn, "Good morning.\r\n"))
say("end", mt.eom(conn))
is("accept", mt.getreply(conn) == SMFIR_ACCEPT)

-- Where leading space was agreed on, values come with it.
space = ""
if mt.test_option(conn, SMFIP_HDR_LEADSPC) then
	space = " "
end
is("insert", mt.eom_check(conn, MT_HDRINSERT, "Authentication-Results", space .. "mx.example.net; none", 0))
is("add", mt.eom_check(conn, MT_HDRADD, "X-Kith-Verdict", space .. "hold"))
is("change", mt.eom_check(conn, MT_HDRCHANGE, "Subject", space .. "[suspicious] Hello"))
is("delete", mt.eom_check(conn, MT_HDRDELETE, "X-Old"))
is("recipient less", mt.eom_check(conn, MT_RCPTDELETE, "<bert@example.net>"))
is("recipient more", mt.eom_check(conn, MT_RCPTADD, "<dora@example.net>"))
is("body", mt.eom_check(conn, MT_BODYCHANGE, "Replaced.\r\n"))
is("quarantine", mt.eom_check(conn, MT_QUARANTINE, "first message from this sender"))
mt.disconnect(conn)
