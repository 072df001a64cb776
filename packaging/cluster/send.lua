-- Sends one message to a milter as an MTA would, by miltertest: its variables name socket, from, to, id and login.

function check(step, fault)
	if fault ~= nil then
		error(step .. ": " .. fault)
	end
end

conn = mt.connect(socket)
if conn == nil then
	error("nobody listens on " .. socket)
end
check("connection", mt.conninfo(conn, "mail.example.net", "192.0.2.7"))
mt.macro(conn, SMFIC_MAIL, "i", id)
if login ~= nil then
	mt.macro(conn, SMFIC_MAIL, "i", id, "{auth_authen}", login)
end
check("sender", mt.mailfrom(conn, "<" .. from .. ">"))
check("recipient", mt.rcptto(conn, "<" .. to .. ">"))
check("header", mt.header(conn, "From", from))
check("header", mt.header(conn, "To", to))
check("header", mt.header(conn, "Subject", "The figures"))
check("header", mt.header(conn, "Message-ID", "<" .. id .. "@cluster.example>"))
check("end of header", mt.eoh(conn))
check("body", mt.bodystring(conn, "Please see the figures of this week.\r\n"))
check("end", mt.eom(conn))
mt.disconnect(conn)
