//! Frames of the milter protocol as conversation files write them, built apart from the code under test.

/// The bytes of a word: each character is the byte of its number.
pub fn bytes(word: &str) -> Vec<u8> {
    word.chars().map(|c| u8::try_from(u32::from(c)).expect("write bytes above 7f as \\xHH")).collect()
}

/// A frame, built apart from the code under test.
fn frame(kind: u8, parts: &[&[u8]]) -> Vec<u8> {
    let payload = parts.concat();
    let length = u32::try_from(payload.len() + 1).expect("short");
    [&length.to_be_bytes()[..], &[kind], &payload].concat()
}

/// Words as strings with their NULs.
fn strings(words: &[String]) -> Vec<u8> {
    words.iter().flat_map(|word| [bytes(word), vec![0]].concat()).collect()
}

fn number(word: Option<&String>) -> Result<u32, String> {
    let word = word.ok_or("a number is missing")?;
    let read = word.strip_prefix("0x").map_or_else(|| word.parse(), |hex| u32::from_str_radix(hex, 16));
    read.map_err(|e| format!("{word}: {e}"))
}

/// What an MTA says.
pub fn mta_frame(verb: &str, rest: &[String]) -> Result<Vec<u8>, String> {
    let first = || rest.first().map(|word| bytes(word)).unwrap_or_default();
    Ok(match verb {
        "negotiate" => negotiate(rest, false)?,
        "macros" => {
            let pairs = rest.iter().skip(1).flat_map(|pair| {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                strings(&[name.to_owned(), value.to_owned()])
            });
            frame(b'D', &[&first(), &pairs.collect::<Vec<u8>>()])
        }
        "connect" => {
            let family = rest.get(1).map(|word| bytes(word)).ok_or("a family is missing")?;
            let port = rest.get(2).map_or(Ok(None), |p| p.parse::<u16>().map(Some)).map_err(|e| e.to_string())?;
            let port = port.map_or(Vec::new(), |port| port.to_be_bytes().to_vec());
            frame(b'C', &[&strings(&rest[..1]), &family, &port, &strings(rest.get(3..).unwrap_or_default())])
        }
        "helo" => frame(b'H', &[&strings(rest)]),
        "mail" => frame(b'M', &[&strings(rest)]),
        "rcpt" => frame(b'R', &[&strings(rest)]),
        "data" => frame(b'T', &[]),
        "header" => frame(b'L', &[&strings(rest)]),
        "end-of-header" => frame(b'N', &[]),
        "body" => frame(b'B', &[&first()]),
        "end-of-message" => frame(b'E', &[&first()]),
        "abort" => frame(b'A', &[]),
        "unknown" => frame(b'U', &[&strings(rest)]),
        "quit" => frame(b'Q', &[]),
        "quit-new-connection" => frame(b'K', &[]),
        "raw" => first(),
        _ => return Err("an MTA does not say this".to_owned()),
    })
}

/// `negotiate VERSION ACTIONS STEPS`, and behind it `macros` where the filter asks for its macros.
fn negotiate(rest: &[String], may_ask: bool) -> Result<Vec<u8>, String> {
    let mut parts = Vec::new();
    for at in 0..3 {
        parts.extend(number(rest.get(at))?.to_be_bytes());
    }
    if may_ask && rest.get(3).is_some_and(|word| word == "macros") {
        parts.extend(b"\0\0\0\0j _ {client_name} {client_addr} {client_resolve} {daemon_name}\0");
        parts.extend(b"\0\0\0\x01{tls_version}\0\0\0\0\x02i {auth_authen} {tls_version}\0\0\0\0\x03i\0\0\0\0\x05i\0");
    }
    Ok(frame(b'O', &[&parts]))
}

/// What a filter answers.
pub fn filter_frame(verb: &str, rest: &[String]) -> Result<Vec<u8>, String> {
    let at = || number(rest.first()).map(u32::to_be_bytes);
    Ok(match verb {
        "negotiate" => negotiate(rest, true)?,
        "continue" => frame(b'c', &[]),
        "accept" => frame(b'a', &[]),
        "discard" => frame(b'd', &[]),
        "reject" => frame(b'r', &[]),
        "tempfail" => frame(b't', &[]),
        "skip" => frame(b's', &[]),
        "progress" => frame(b'p', &[]),
        "reply" => frame(b'y', &[&strings(rest)]),
        "add-header" => frame(b'h', &[&strings(rest)]),
        "insert-header" => frame(b'i', &[&at()?, &strings(&rest[1..])]),
        "change-header" => frame(b'm', &[&at()?, &strings(&rest[1..])]),
        "change-sender" => frame(b'e', &[&strings(rest)]),
        "add-recipient" if rest.len() == 1 => frame(b'+', &[&strings(rest)]),
        "add-recipient" => frame(b'2', &[&strings(rest)]),
        "delete-recipient" => frame(b'-', &[&strings(rest)]),
        "replace-body" => frame(b'b', &[&rest.first().map(|word| bytes(word)).unwrap_or_default()]),
        "quarantine" => frame(b'q', &[&strings(rest)]),
        _ => return Err("a filter does not say this".to_owned()),
    })
}
