-- Two messages on one connection, one given up between them; nothing is changed.
--| continue
--| continue

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
say("negotiate", mt.negotiate(conn, nil, nil, nil))
if not mt.test_option(conn, SMFIP_NR_HDR) or not mt.test_option(conn, SMFIP_NR_BODY) then
	fail("steps that need no answer are to go unanswered")
end
if not mt.test_action(conn, SMFIF_QUARANTINE) or not mt.test_action(conn, SMFIF_CHGHDRS) then
	fail("quarantine and header changes are to be asked for")
end
say("macros", mt.macro(conn, SMFIC_CONNECT, "j", "mx.example.net"))
say("connect", mt.conninfo(conn, "mail.example.org", "192.0.2.7"))
say("helo", mt.helo(conn, "mail.example.org"))

function message(sender)
	say("macros", mt.macro(conn, SMFIC_MAIL, "i", "4Fq1"))
	say("mail", mt.mailfrom(conn, sender, "SIZE=100"))
	say("rcpt", mt.rcptto(conn, "<bert@example.net>"))
	say("header", mt.header(conn, "From", sender))
	say("header", mt.header(conn, "Subject", "Hello"))
	say("end of header", mt.eoh(conn))
	say("body", mt.bodystring(conn, "Good morning.\r\n"))
end

message("<anna@example.org>")
say("end", mt.eom(conn))
if mt.getreply(conn) ~= SMFIR_CONTINUE then
	fail("the first message is to go on")
end
message("<lost@example.org>")
say("abort", mt.abort(conn))
message("<>")
say("random", mt.bodyrandom(conn, 200000))
say("end", mt.eom(conn))
if mt.getreply(conn) ~= SMFIR_CONTINUE then
	fail("the second message is to go on")
end
for name, change in pairs({ add = MT_HDRADD, insert = MT_HDRINSERT, hold = MT_QUARANTINE }) do
	if mt.eom_check(conn, change) then
		fail("nothing is to be changed: " .. name)
	end
end
mt.disconnect(conn)
