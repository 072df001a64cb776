//! What senders prove, through the whole room: real signatures, real DNS questions, and DNS that fails.

use kith::auth::{AuthResults, DmarcPolicy, Outcome, Settings, Source, Verifier};
use kith::mail::{Address, Domain, Envelope, Missing};
use mail_auth::arc::ArcSealer;
use mail_auth::common::crypto::{Ed25519Key, RsaKey, Sha256, SigningKey};
use mail_auth::common::headers::HeaderWriter;
use mail_auth::dkim::{Canonicalization, DkimSigner};
use mail_auth::{ArcOutput, AuthenticatedMessage, AuthenticationResults};

use crate::dns::DnsServer;

/// A key for tests alone.
const RSA_KEY: &str = include_str!("keys/dkim-rsa2048.pem");

const MESSAGE: &str = "From: Anna <anna@example.org>\r\nTo: bert@example.net\r\nSubject:  A  test\r\n\r\n\
                       Hello Bert,\r\n\r\nthis is  a test.\r\n-- \r\nAnna\r\n";

#[expect(deprecated, reason = "its successor takes a type of a crate that is not ours")]
fn rsa() -> RsaKey<Sha256> {
    RsaKey::from_pkcs8_pem(RSA_KEY).expect("a sound key")
}

/// How to sign.
struct Wish {
    domain: &'static str,
    relaxed: bool,
    with_length: bool,
    expires_in: u64,
    headers: &'static [&'static str],
}

const ORDINARY: Wish = Wish {
    domain: "example.org",
    relaxed: true,
    with_length: false,
    expires_in: 0,
    headers: &["From", "To", "Subject"],
};

/// Signs with the key of selector `s1` and returns the field.
fn signature(key: impl SigningKey<Hasher = Sha256>, message: &str, wish: &Wish, selector: &str) -> String {
    let canonicalization = if wish.relaxed { Canonicalization::Relaxed } else { Canonicalization::Simple };
    let mut signer = DkimSigner::from_key(key)
        .domain(wish.domain)
        .selector(selector)
        .headers(wish.headers.iter().copied())
        .header_canonicalization(canonicalization)
        .body_canonicalization(canonicalization)
        .body_length(wish.with_length);
    if wish.expires_in > 0 {
        signer = signer.expiration(wish.expires_in);
    }
    signer.sign(message.as_bytes()).expect("signs").to_header()
}

fn signed(wish: &Wish) -> String {
    signature(rsa(), MESSAGE, wish, "s1") + MESSAGE
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * place)) as usize & 63];
            text.push(if place > chunk.len() { '=' } else { char::from(digit) });
        }
    }
    text
}

/// Zone lines with the key of `s1` at the domains.
fn keys(domains: &[&str]) -> String {
    let key = base64(&rsa().public_key());
    domains.iter().map(|domain| format!("s1._domainkey.{domain} TXT v=DKIM1; k=rsa; p={key}\n")).collect()
}

fn settings(server: &DnsServer) -> Settings {
    Settings { resolver: server.addr().to_string(), dns_query_milliseconds_max: 500, ..Settings::default() }
}

fn envelope(client: &str, sender: &str) -> Envelope {
    Envelope {
        client: Some(client.parse().expect("an address")),
        helo: Some("mail.example.org".to_owned()),
        sender: Address::parse(sender),
        ..Envelope::default()
    }
}

async fn verify_with(settings: &Settings, envelope: Envelope, raw: &str, author: &str) -> AuthResults {
    let verifier = Verifier::new(settings).expect("sound settings");
    let (raw, author) = (raw.to_owned(), Domain::parse(author));
    // Spawned, since the filter runs on a runtime of several threads: the future must be able to move.
    let task = tokio::spawn(async move { verifier.verify(&envelope, raw.as_bytes(), author.as_ref()).await });
    task.await.expect("no panic")
}

async fn verify(zone: &str, envelope: Envelope, raw: &str) -> AuthResults {
    let server = DnsServer::start(zone);
    verify_with(&settings(&server), envelope, raw, "example.org").await
}

/// Outcomes of the DKIM signatures of a message.
async fn dkim(zone: &str, raw: &str) -> Vec<Outcome> {
    verify(zone, Envelope::default(), raw).await.dkim.iter().map(|signature| signature.outcome).collect()
}

async fn check(raw: &str, expected: &[Outcome]) {
    assert_eq!(dkim(&keys(&["example.org"]), raw).await, expected, "{raw}");
}

#[tokio::test]
async fn signatures_pass_and_changes_fail_them() {
    check(&signed(&ORDINARY), &[Outcome::Pass]).await;
    check(&signed(&Wish { relaxed: false, ..ORDINARY }), &[Outcome::Pass]).await;
    check(&signed(&ORDINARY).replace("Hello", "Hullo"), &[Outcome::Fail]).await;
    check(&signed(&ORDINARY).replace("A  test", "Another test"), &[Outcome::Fail]).await;
    check(&signed(&ORDINARY).replace("A  test", "A test"), &[Outcome::Pass]).await;
    check(&signed(&Wish { relaxed: false, ..ORDINARY }).replace("A  test", "A test"), &[Outcome::Fail]).await;
    check(MESSAGE, &[]).await;
}

#[tokio::test]
async fn trailing_lines_of_white_space_do_not_break_a_relaxed_signature() {
    let blank = " \r\n\t\r\n  \r\n\r\n";
    check(&(signed(&ORDINARY) + blank), &[Outcome::Pass]).await;
    check(&(signed(&Wish { relaxed: false, ..ORDINARY }) + "\r\n\r\n"), &[Outcome::Pass]).await;
    check(&(signed(&Wish { relaxed: false, ..ORDINARY }) + blank), &[Outcome::Fail]).await;
    // Each signature of a message is hashed in its own way.
    let both = signature(rsa(), MESSAGE, &Wish { relaxed: false, ..ORDINARY }, "s1") + &signed(&ORDINARY);
    check(&both, &[Outcome::Pass, Outcome::Pass]).await;
    check(&(both + blank), &[Outcome::Fail, Outcome::Pass]).await;
}

#[tokio::test]
async fn bare_line_feeds_of_a_file_do_not_break_a_signature() {
    for relaxed in [true, false] {
        check(&signed(&Wish { relaxed, ..ORDINARY }).replace("\r\n", "\n"), &[Outcome::Pass]).await;
    }
}

#[tokio::test]
async fn a_signature_with_a_length_passes_only_while_it_covers_all() {
    let lengthy = signed(&Wish { with_length: true, relaxed: false, ..ORDINARY });
    assert!(lengthy.contains("l="));
    check(&lengthy, &[Outcome::Pass]).await;
    check(&(lengthy.clone() + "Buy now!\r\n"), &[Outcome::Neutral]).await;
    check(&lengthy.replace("\r\n-- \r\nAnna\r\n", "\r\n"), &[Outcome::PermError]).await;
}

#[tokio::test]
async fn broken_expired_and_incomplete_signatures_are_permanent_errors() {
    check(&signed(&Wish { headers: &["To", "Subject"], ..ORDINARY }), &[Outcome::PermError]).await;
    check(&signed(&ORDINARY).replacen("v=1; ", "", 1), &[Outcome::PermError]).await;
    check(&signed(&ORDINARY).replacen("s=s1;", "s=s1; s=s2;", 1), &[Outcome::PermError]).await;
    check(&signed(&ORDINARY).replacen("rsa-sha256", "rsa-sha1", 1), &[Outcome::PermError]).await;
    check(&format!("DKIM-Signature: v=1\r\n{MESSAGE}"), &[Outcome::PermError]).await;
    check(&signed(&Wish { expires_in: 3600, ..ORDINARY }), &[Outcome::Pass]).await;
    let expired =
        format!("{}; x=1000;", "DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=s1; h=from; bh=AA==; b=AA==; t=1");
    check(&format!("{expired}\r\n{MESSAGE}"), &[Outcome::PermError]).await;
}

#[tokio::test]
async fn keys_that_are_not_there_are_errors_and_keys_that_dns_withholds_are_gaps() {
    let raw = signed(&ORDINARY);
    assert_eq!(dkim("example.org EXISTS", &raw).await, [Outcome::PermError]);
    assert_eq!(dkim("s1._domainkey.example.org TXT v=DKIM1; p=", &raw).await, [Outcome::PermError]);
    assert_eq!(
        dkim(&format!("{}s1._domainkey.example.org TRUNCATE", keys(&["example.org"])), &raw).await,
        [Outcome::Pass]
    );
    for failure in ["SERVFAIL", "TIMEOUT"] {
        let results = verify(&format!("s1._domainkey.example.org {failure}"), Envelope::default(), &raw).await;
        assert_eq!(results.dkim[0].outcome, Outcome::TempError, "{failure}");
        let gap = results.gaps.iter().find(|gap| gap.missing == Missing::Dkim).expect("a gap");
        assert!(gap.why.contains("s1._domainkey.example.org"), "{}", gap.why);
    }
}

#[tokio::test]
async fn several_signatures_keep_their_order_and_ed25519_is_known() {
    let pkcs8 = Ed25519Key::generate_pkcs8().expect("random");
    let young = Ed25519Key::from_pkcs8_der(&pkcs8).expect("sound");
    let zone = format!(
        "{}ed._domainkey.example.org TXT v=DKIM1; k=ed25519; p={}",
        keys(&["example.org", "list.example"]),
        base64(&young.public_key())
    );
    let raw = [
        signature(rsa(), MESSAGE, &Wish { domain: "list.example", ..ORDINARY }, "s1"),
        "DKIM-Signature: broken\r\n".to_owned(),
        signature(rsa(), MESSAGE, &ORDINARY, "none"),
        signature(young, MESSAGE, &ORDINARY, "ed"),
        MESSAGE.to_owned(),
    ]
    .concat();
    let results = verify(&zone, Envelope::default(), &raw).await;
    let found: Vec<_> = results.dkim.iter().map(|s| (s.outcome, s.selector.as_str())).collect();
    let expected =
        [(Outcome::Pass, "s1"), (Outcome::PermError, ""), (Outcome::PermError, "none"), (Outcome::Pass, "ed")];
    assert_eq!(found, expected);
    let signers: Vec<_> = results.signers().map(Domain::as_str).collect();
    assert_eq!(signers, ["list.example", "example.org"]);
}

#[tokio::test]
async fn signatures_beyond_the_limit_are_a_gap() {
    let server = DnsServer::start(&keys(&["example.org"]));
    let field = signature(rsa(), MESSAGE, &ORDINARY, "s1");
    for (count, verified, gaps) in [(2, 2, 0), (3, 2, 1)] {
        let settings = Settings { signatures_max: 2, ..settings(&server) };
        let raw = field.repeat(count) + MESSAGE;
        let results = verify_with(&settings, Envelope::default(), &raw, "example.org").await;
        assert_eq!((results.dkim.len(), results.gaps.len()), (verified, gaps), "{count} signatures");
    }
}

/// The message with one ARC set of list.example above it.
fn sealed() -> String {
    let message = AuthenticatedMessage::parse(MESSAGE.as_bytes()).expect("has a header");
    let noted = AuthenticationResults::new("list.example");
    let sealer = ArcSealer::from_key(rsa()).domain("list.example").selector("s1").headers(["From", "To", "Subject"]);
    let set = sealer.seal(&message, &noted, &ArcOutput::default()).expect("seals");
    set.to_header() + MESSAGE
}

#[tokio::test]
async fn a_chain_passes_whole_and_fails_broken() {
    let zone = keys(&["list.example"]);
    let raw = sealed();
    let without_results = &raw[raw.find("ARC-Message-Signature").expect("sealed")..];
    for (raw, expected) in [
        (raw.as_str(), Outcome::Pass),
        (&(raw.clone() + " \r\n\r\n"), Outcome::Pass),
        (&raw.replace("Hello", "Hullo"), Outcome::Fail),
        (&raw.replace("i=1", "i=2"), Outcome::Fail),
        (&(raw.clone().replacen("From:", "ARC-Seal: i=51\r\nFrom:", 1)), Outcome::Fail),
        (without_results, Outcome::Fail),
        (MESSAGE, Outcome::None),
    ] {
        let results = verify(&zone, Envelope::default(), raw).await;
        assert_eq!(results.arc.outcome, expected, "{raw}");
    }
    let results = verify(&zone, Envelope::default(), &raw).await;
    assert_eq!(results.arc.sealers, [Domain::parse("list.example").expect("valid")]);
    let results = verify("* SERVFAIL", Envelope::default(), &raw).await;
    assert_eq!(results.arc.outcome, Outcome::TempError);
    assert!(results.gaps.iter().any(|gap| gap.missing == Missing::Arc));
}

/// Outcome and policy of DMARC for a message of anna@`author`, signed by example.org or not, from a client that SPF of
/// example.org passes or not.
async fn dmarc(zone: &str, author: &str, by_signature: bool, by_client: bool) -> (Outcome, DmarcPolicy) {
    let raw = if by_signature { signed(&ORDINARY) } else { MESSAGE.to_owned() };
    let client = if by_client { "192.0.2.1" } else { "203.0.113.1" };
    let zone = format!("{}example.org TXT v=spf1 ip4:192.0.2.0/24 -all\n{zone}", keys(&["example.org"]));
    let server = DnsServer::start(&zone);
    let results = verify_with(&settings(&server), envelope(client, "anna@example.org"), &raw, author).await;
    assert_eq!(results.source, Source::Ourselves);
    (results.dmarc.outcome, results.dmarc.policy)
}

#[tokio::test]
async fn dmarc_wants_one_aligned_pass() {
    let zone = "_dmarc.example.org TXT v=DMARC1; p=reject";
    for (by_signature, by_client, expected) in [
        (true, true, Outcome::Pass),
        (true, false, Outcome::Pass),
        (false, true, Outcome::Pass),
        (false, false, Outcome::Fail),
    ] {
        assert_eq!(dmarc(zone, "example.org", by_signature, by_client).await, (expected, DmarcPolicy::Reject));
    }
    let other = "_dmarc.other.example TXT v=DMARC1; p=quarantine";
    assert_eq!(dmarc(other, "other.example", true, true).await, (Outcome::Fail, DmarcPolicy::Quarantine));
    assert_eq!(dmarc("", "example.org", true, true).await, (Outcome::None, DmarcPolicy::None));
}

#[tokio::test]
async fn dmarc_falls_back_to_the_organisation_and_minds_strictness() {
    let zone = "_dmarc.example.org TXT v=DMARC1; p=none; sp=quarantine; np=reject\nnews.example.org A 192.0.2.7";
    assert_eq!(dmarc(zone, "news.example.org", true, false).await, (Outcome::Pass, DmarcPolicy::Quarantine));
    assert_eq!(dmarc(zone, "news.example.org", false, false).await, (Outcome::Fail, DmarcPolicy::Quarantine));
    assert_eq!(dmarc(zone, "made.up.example.org", false, false).await, (Outcome::Fail, DmarcPolicy::Reject));
    assert_eq!(dmarc(zone, "example.org", true, false).await, (Outcome::Pass, DmarcPolicy::None));
    let strict = "_dmarc.example.org TXT v=DMARC1; p=reject; adkim=s; aspf=s\nnews.example.org EXISTS";
    assert_eq!(dmarc(strict, "news.example.org", true, true).await, (Outcome::Fail, DmarcPolicy::Reject));
    // Signed by the parent's own sub-domain: the walk from there finds the same organisation.
    let raw = signature(rsa(), MESSAGE, &Wish { domain: "mx.example.org", ..ORDINARY }, "s1") + MESSAGE;
    let zone = format!("{}_dmarc.example.org TXT v=DMARC1; p=reject", keys(&["mx.example.org"]));
    assert_eq!(verify(&zone, Envelope::default(), &raw).await.dmarc.outcome, Outcome::Pass);
}

#[tokio::test]
async fn a_partial_signature_does_not_prove_the_author() {
    let raw = signed(&Wish { with_length: true, relaxed: false, ..ORDINARY }) + "Buy now!\r\n";
    let zone = format!("{}_dmarc.example.org TXT v=DMARC1; p=reject", keys(&["example.org"]));
    let results = verify(&zone, Envelope::default(), &raw).await;
    assert_eq!(results.dmarc.outcome, Outcome::Fail);
    assert!(!results.prove(&Domain::parse("example.org").expect("valid")));
}

#[tokio::test]
async fn dmarc_that_rests_on_a_failing_dns_is_a_gap_and_never_a_fail() {
    for failure in ["SERVFAIL", "TIMEOUT"] {
        let record = format!("_dmarc.example.org {failure}");
        assert_eq!(dmarc(&record, "example.org", true, true).await.0, Outcome::TempError, "{failure}");
        let zone = format!("_dmarc.example.org TXT v=DMARC1; p=reject\ns1._domainkey.example.org {failure}");
        let results = verify(&zone, Envelope::default(), &signed(&ORDINARY)).await;
        assert_eq!(results.dmarc.outcome, Outcome::TempError, "{failure}");
        assert!(results.gaps.iter().any(|gap| gap.missing == Missing::Dmarc));
    }
}

#[tokio::test]
async fn another_check_s_question_spoils_no_answer() {
    // The attacker's SPF record names the victim's DMARC and key records; they mean nothing to SPF, and stay good.
    let zone = format!(
        "{}_dmarc.example.org TXT v=DMARC1; p=reject\n\
         evil.example TXT v=spf1 ?include:x.example exists:_dmarc.example.org redirect=_dmarc.example.org\n\
         x.example TXT v=spf1 ?all",
        keys(&["example.org"])
    );
    let server = DnsServer::start(&zone);
    let verifier = Verifier::new(&settings(&server)).expect("sound");
    let author = Domain::parse("example.org");
    let evil = verifier.verify(&envelope("203.0.113.1", "a@evil.example"), MESSAGE.as_bytes(), author.as_ref()).await;
    assert_eq!((evil.spf.outcome, evil.dmarc.outcome), (Outcome::PermError, Outcome::Fail));
    let good = verifier.verify(&Envelope::default(), signed(&ORDINARY).as_bytes(), author.as_ref()).await;
    assert_eq!(good.dmarc.outcome, Outcome::Pass);
}

#[tokio::test]
async fn spf_is_checked_for_both_identities() {
    let zone =
        "example.org TXT v=spf1 ip4:192.0.2.1 -all\nmail.example.org TXT v=spf1 a -all\nmail.example.org A 192.0.2.2";
    for (client, sender, spf, helo) in [
        ("192.0.2.1", "a@example.org", Outcome::Pass, Outcome::Fail),
        ("::ffff:192.0.2.2", "a@example.org", Outcome::Fail, Outcome::Pass),
        ("192.0.2.2", "<>", Outcome::Pass, Outcome::Pass),
        ("192.0.2.2", "a@nowhere.example", Outcome::None, Outcome::Pass),
    ] {
        let results = verify(zone, envelope(client, sender), MESSAGE).await;
        assert_eq!((results.spf.outcome, results.spf_helo.outcome), (spf, helo), "{client} {sender}");
    }
    let results = verify(zone, Envelope::default(), MESSAGE).await;
    assert_eq!((results.spf.outcome, results.gaps.len()), (Outcome::None, 0));
}

#[tokio::test]
async fn slow_and_dead_dns_cost_the_message_its_time_and_no_more() {
    for zone in ["* DELAY 5000", "* TIMEOUT", "* SERVFAIL"] {
        let server = DnsServer::start(zone);
        let settings = Settings { dns_milliseconds_max: 400, dns_query_milliseconds_max: 300, ..settings(&server) };
        let raw = signed(&ORDINARY);
        let results = verify_with(&settings, envelope("192.0.2.1", "a@example.org"), &raw, "example.org").await;
        assert_eq!(results.spf.outcome, Outcome::TempError, "{zone}");
        assert_eq!(results.dkim[0].outcome, Outcome::TempError, "{zone}");
        assert_eq!(results.dmarc.outcome, Outcome::TempError, "{zone}");
        let missing: Vec<_> = results.gaps.iter().map(|gap| gap.missing).collect();
        assert_eq!(missing, [Missing::Spf, Missing::Dkim, Missing::Dmarc], "{zone}");
    }
    let nobody = std::net::UdpSocket::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a port");
    let settings = Settings { resolver: nobody.to_string(), dns_milliseconds_max: 400, ..Settings::default() };
    let results = verify_with(&settings, envelope("192.0.2.1", "a@example.org"), MESSAGE, "example.org").await;
    assert_eq!(results.spf.outcome, Outcome::TempError);
}

#[tokio::test]
async fn answers_absences_and_failures_are_asked_for_once() {
    let zone =
        "example.org TXT v=spf1 include:dead.example.org -all\ndead.example.org SERVFAIL\nmail.example.org EXISTS";
    let server = DnsServer::start(zone);
    let verifier = Verifier::new(&settings(&server)).expect("sound");
    let (envelope, author) = (envelope("192.0.2.1", "a@example.org"), Domain::parse("example.org"));
    verifier.verify(&envelope, MESSAGE.as_bytes(), author.as_ref()).await;
    let asked = server.asked();
    assert!(asked >= 4, "{asked} questions");
    verifier.verify(&envelope, MESSAGE.as_bytes(), author.as_ref()).await;
    assert_eq!(server.asked(), asked);
}

#[tokio::test]
async fn questions_wait_for_each_other_at_the_limit() {
    let server = DnsServer::start(&format!("{}_dmarc.example.org TXT v=DMARC1; p=reject", keys(&["example.org"])));
    let settings = Settings { dns_in_flight_max: 1, ..settings(&server) };
    let results =
        verify_with(&settings, envelope("192.0.2.1", "a@example.org"), &signed(&ORDINARY), "example.org").await;
    assert_eq!((results.dkim[0].outcome, results.dmarc.outcome), (Outcome::Pass, Outcome::Pass));
}

#[tokio::test]
async fn hostile_headers_are_bounded_and_panic_nothing() {
    let server = DnsServer::start("example.org EXISTS");
    let settings = settings(&server);
    let fields = [
        "DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=x; h=from; bh=; b=;\r\n".to_owned(),
        format!(
            "DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=x; h={}from; bh=AA==; b=AA==\r\n",
            "a:".repeat(6000)
        ),
        format!(
            "DKIM-Signature: v=1; a=rsa-sha256; l=99999999999999999999; d={}; s=x; h=from; bh=AA==; b=AA==\r\n",
            "é".repeat(99)
        ),
        "ARC-Seal: i=1; cv=none\r\n".repeat(500),
        "ARC-Message-Signature: i=0\r\nARC-Authentication-Results: i=99\r\n".to_owned(),
        ":\r\n:\r\n \r\n".to_owned(),
        "\u{0}\r\r\n".to_owned(),
    ];
    for field in &fields {
        let results =
            verify_with(&settings, envelope("2001:db8::1", "a@example.org"), &(field.clone() + MESSAGE), "example.org")
                .await;
        assert!(results.dkim.iter().all(|signature| signature.outcome != Outcome::Pass));
        assert_ne!(results.arc.outcome, Outcome::Pass);
    }
}
