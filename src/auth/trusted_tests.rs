//! Authentication-Results as real hosts write them.

use super::*;

const AR: &str = "Authentication-Results";

/// Reads the newest and shows it as `id|spf|helo|dkim,…|dmarc policy|arc`.
fn newest(fields: &[(&str, &str)]) -> String {
    show(read_trusted(fields.iter().copied(), &Trust::Newest))
}

fn show(results: Option<AuthResults>) -> String {
    let Some(results) = results else { return "nothing".to_owned() };
    let Source::Trusted(id) = &results.source else { return "not trusted".to_owned() };
    let at = |outcome: Outcome, domain: &Option<Domain>| match domain {
        Some(domain) => format!("{} {domain}", outcome.name()),
        None => outcome.name().to_owned(),
    };
    let dkim: Vec<String> =
        results.dkim.iter().map(|s| format!("{} {}", at(s.outcome, &s.domain), s.selector).trim().to_owned()).collect();
    format!(
        "{id} | {} | {} | {} | {} {:?} | {}",
        at(results.spf.outcome, &results.spf.domain),
        at(results.spf_helo.outcome, &results.spf_helo.domain),
        dkim.join(", "),
        at(results.dmarc.outcome, &results.dmarc.domain),
        results.dmarc.policy,
        results.arc.outcome.name(),
    )
}

fn check(value: &str, expected: &str) {
    assert_eq!(newest(&[(AR, value)]), expected, "{value}");
}

#[test]
fn gmail() {
    check(
        "mx.google.com;\r\n       dkim=pass header.i=@example.org header.s=20230601 header.b=\"abc/d+\";\r\n       arc=pass (i=1 \
         spf=pass spfdomain=x.example dkim=pass dkdomain=x.example);\r\n       spf=pass (google.com: domain of a@example.org \
         designates 192.0.2.1 as permitted sender) smtp.mailfrom=a@example.org;\r\n       dmarc=pass (p=REJECT sp=NONE \
         dis=NONE) header.from=example.org",
        "mx.google.com | pass example.org | none | pass example.org 20230601 | pass example.org Reject | pass",
    );
}

#[test]
fn outlook_writes_no_id() {
    check(
        "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=example.org; dkim=pass (signature was verified) \
         header.d=example.org;dmarc=bestguesspass action=none header.from=example.org;compauth=pass reason=109",
        " | pass example.org | none | pass example.org | none example.org None | none",
    );
}

#[test]
fn yahoo_old_and_new() {
    check(
        "atlas103.free.mail.ne1.yahoo.com; dkim=pass header.i=@example.org header.s=s1; spf=softfail \
         smtp.mailfrom=bounce.example.org; dmarc=pass(p=QUARANTINE) header.from=example.org;",
        "atlas103.free.mail.ne1.yahoo.com | softfail bounce.example.org | none | pass example.org s1 | pass example.org \
         Quarantine | none",
    );
    check(
        "mta1234.mail.mud.yahoo.com  from=example.org; domainkeys=neutral (no sig);  from=example.org; dkim=pass (ok)",
        "mta1234.mail.mud.yahoo.com | none | none | pass | none None | none",
    );
}

#[test]
fn hotmail_old() {
    check(
        "hotmail.com; sender-id=fail (sender IP is 192.0.2.1) header.from=a@example.org; dkim=none header.d=example.org; \
         x-hmca=none; spf=hardfail smtp.mail=a@example.org",
        "hotmail.com | fail example.org | none |  | none None | none",
    );
}

#[test]
fn fastmail() {
    check(
        "mx1.messagingengine.com;\r\n    arc=none (no signatures found);\r\n    dkim=pass (2048-bit rsa key sha256) \
         header.d=example.org header.i=@example.org header.b=AbC header.a=rsa-sha256 header.s=fm1 x-bits=2048;\r\n    \
         dmarc=pass policy.published-domain-policy=reject policy.applied-disposition=none \
         (p=reject,d=none,d.eval=none) policy.policy-from=p header.from=example.org;\r\n    iprev=pass \
         smtp.remote-ip=192.0.2.1 (mail.example.org);\r\n    spf=pass smtp.mailfrom=a@example.org \
         smtp.helo=mail.example.org",
        "mx1.messagingengine.com | pass example.org | none | pass example.org fm1 | pass example.org Reject | none",
    );
}

#[test]
fn rspamd_exim_and_amavis() {
    check(
        "mx.example.net;\r\n\tdkim=pass header.d=example.org header.s=k1 header.b=xyz;\r\n\tspf=pass (mx.example.net: domain \
         of a@example.org designates 192.0.2.1 as permitted sender) smtp.mailfrom=a@example.org;\r\n\tdmarc=pass \
         (policy=quarantine) header.from=example.org",
        "mx.example.net | pass example.org | none | pass example.org k1 | pass example.org Quarantine | none",
    );
    check(
        "mx.example.net; iprev=pass (h.example.org) smtp.remote-ip=192.0.2.1; auth=pass (login) smtp.auth=a; spf=none \
         smtp.mailfrom=example.org; dkim=fail (body hash mismatch) header.d=example.org header.s=x header.a=rsa-sha256; \
         dmarc=temperror header.from=example.org; arc=none",
        "mx.example.net | none example.org | none | fail example.org x | temperror example.org None | none",
    );
    check(
        "mx.example.net (amavisd-new); dkim=pass (2048-bit key) header.d=example.org; dkim=invalid (public key: revoked) \
         header.d=other.example",
        "mx.example.net | none | none | pass example.org, permerror other.example | none None | none",
    );
}

#[test]
fn programs_of_one_host_are_taken_together_and_the_upper_one_wins() {
    let fields = [
        ("Return-Path", "<a@example.org>"),
        (AR, "mx.example.net; dmarc=pass (p=none dis=none) header.from=example.org"),
        ("DMARC-Filter", "OpenDMARC Filter v1.4.2 mx.example.net"),
        (AR, "mx.example.net;\r\n\tdkim=pass (2048-bit key; unprotected) header.d=example.org header.i=@example.org"),
        (
            AR,
            "MX.example.net; spf=pass (mailfrom) smtp.mailfrom=example.org (client-ip=192.0.2.1; helo=h; receiver=<>)",
        ),
        (
            AR,
            "mx.example.net; spf=fail smtp.mailfrom=x.example; dkim=fail header.d=x.example; dmarc=fail header.from=x.example",
        ),
        ("Received", "from h by mx.example.net"),
        (AR, "mx.example.net; arc=pass"),
    ];
    let expected = "mx.example.net | pass example.org | none | pass example.org | pass example.org None | none";
    assert_eq!(newest(&fields), expected);
}

#[test]
fn named_hosts_alone_are_believed() {
    let fields = [
        (AR, "evil.example; spf=pass smtp.mailfrom=bank.example"),
        ("Received", "from a by b"),
        (AR, "mx.example.net; spf=fail smtp.mailfrom=bank.example"),
    ];
    let named = |ids: &[&str]| {
        let trust = Trust::Named(ids.iter().map(|id| (*id).to_owned()).collect());
        show(read_trusted(fields.iter().copied(), &trust))
    };
    assert!(named(&["MX.example.net"]).contains("fail bank.example"));
    assert_eq!(named(&["other.example"]), "nothing");
    assert_eq!(named(&[""]), "nothing");
    assert!(newest(&fields).contains("pass bank.example"));
}

#[test]
fn a_null_reverse_path_shows_its_helo_and_a_field_about_other_things_is_passed_over() {
    check("mx.example.net; spf=pass smtp.helo=h.example.org", {
        "mx.example.net | pass h.example.org | pass h.example.org |  | none None | none"
    });
    let fields = [(AR, "in.example; auth=pass smtp.auth=a"), (AR, "mx.example.net; none")];
    assert_eq!(newest(&fields), "mx.example.net | none | none |  | none None | none");
    assert_eq!(newest(&[("Subject", "x")]), "nothing");
}

#[test]
fn a_noted_temperror_is_a_gap() {
    let results = read_trusted([(AR, "mx.example.net; dkim=timeout header.d=example.org")], &Trust::Newest);
    let gaps = results.expect("noted").gaps;
    assert_eq!(gaps, [Gap::new(Missing::Dkim, "mx.example.net noted a temperror")]);
}

#[test]
fn forgeries_are_counted_from_the_top_and_named_from_the_bottom() {
    let fields = [
        (AR, "mx.example.net; spf=pass"),
        ("Subject", "mx.example.net"),
        ("authentication-results", "other.example; spf=pass"),
        ("AUTHENTICATION-RESULTS ", "(hi) MX.Example.Net. 1; dmarc=pass"),
        (AR, "\"mx.example.net\"/1 ; none"),
        (AR, "spf=pass smtp.mailfrom=mx.example.net"),
        (AR, "notmx.example.net; none"),
    ];
    assert_eq!(forged_fields(fields, "mx.example.net"), [4, 3, 1]);
    assert_eq!(forged_fields(fields, "b\u{fc}cher.example"), [] as [u32; 0]);
    assert_eq!(forged_fields([(AR, "xn--bcher-kva.example; spf=pass")], "b\u{fc}cher.example"), [1]);
}
