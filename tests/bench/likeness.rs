//! What the search for look-alikes costs among many protected domains: `cargo bench --bench likeness`.
//!
//! KITH_BENCH_DOMAINS sets how many, one million otherwise.

use std::time::{Duration, Instant};

use kith::baseline::Lookalikes;
use kith::mail::Domain;

/// Searches that are measured.
const SEARCHES: u64 = 20_000;
/// Letters and words of which company names are made, so that some are alike.
const CONSONANTS: &[u8] = b"bcdfghklmnprstvwz";
const VOWELS: &[u8] = b"aeiou";
const TRADES: &[&str] = &[
    "",
    "",
    "",
    "tools",
    "group",
    "-tech",
    "trade",
    "-systems",
    "logistics",
    "solutions",
    "-consulting",
    "bau",
    "media",
    "services",
    "international",
    "foods",
];
const SUFFIXES: &[&str] = &["com", "de", "net", "co.uk", "fr", "org", "it", "io"];

fn main() {
    let count = std::env::var("KITH_BENCH_DOMAINS").ok().and_then(|n| n.parse().ok()).unwrap_or(1_000_000);
    let mut index = Lookalikes::new(count);
    let started = Instant::now();
    let mut number = 0;
    while index.count() < count {
        index.add(&name(number));
        number += 1;
    }
    let filled = started.elapsed();
    println!("{count} domains: filled in {filled:.1?}, {} bytes each in memory", index.bytes() / count);
    let stranger = |n: u64| name(number + n);
    search("strangers", &index, stranger);
    search("a letter out", &index, |n| changed(&name(mixed(n) % number), n));
    search("two letters out", &index, |n| changed(&changed(&name(mixed(n) % number), n), n + 3));
    search("a word added", &index, |n| format!("secure-{}", name(mixed(n) % number)));
    search("another suffix", &index, |n| format!("{}.example", label(&name(mixed(n) % number))));
    search("within", &index, |n| format!("{}.evil.example", name(mixed(n) % number)));
}

/// Prints the times of many searches and how many found one.
fn search(kind: &str, index: &Lookalikes, host: impl Fn(u64) -> String) {
    let hosts: Vec<Domain> = (0..SEARCHES).filter_map(|n| Domain::parse(&host(n))).collect();
    let mut found = 0;
    let mut times: Vec<Duration> = Vec::with_capacity(hosts.len());
    for host in &hosts {
        let started = Instant::now();
        let likeness = index.find(host);
        times.push(started.elapsed());
        found += usize::from(likeness.is_some());
    }
    times.sort_unstable();
    let mean = times.iter().sum::<Duration>() / times.len() as u32;
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    let share = found as f64 / hosts.len() as f64 * 100.0;
    println!(
        "{kind:18} mean {mean:>8.1?}  p50 {:>8.1?}  p99 {:>8.1?}  max {:>8.1?}  found {share:.1} %",
        at(0.5),
        at(0.99),
        at(1.0)
    );
}

/// A company's domain by number.
fn name(number: u64) -> String {
    let drawn = mixed(number.wrapping_add(0x5DEE_CE66));
    let syllables = 3 + drawn % 3;
    let syllable = |n: u64| {
        let drawn = mixed(drawn ^ (n + 1)) as usize;
        let letter = |from: &[u8], shift: usize| char::from(from[(drawn >> shift) % from.len()]);
        let end = if drawn >> 60 < 6 { letter(CONSONANTS, 40).to_string() } else { String::new() };
        format!("{}{}{end}", letter(CONSONANTS, 5), letter(VOWELS, 20))
    };
    let stem: String = (0..syllables).map(syllable).collect();
    let pick = |from: &[&'static str], shift: u32| from[(drawn >> shift) as usize % from.len()];
    format!("{stem}{}.{}", pick(TRADES, 40), pick(SUFFIXES, 52))
}

/// The same with one letter of its label taken out.
fn changed(domain: &str, number: u64) -> String {
    let at = 1 + number as usize % label(domain).len().saturating_sub(2).max(1);
    format!("{}{}", &domain[..at], &domain[at + 1..])
}

fn label(domain: &str) -> &str {
    domain.split('.').next().unwrap_or_default()
}

/// Spreads every bit over all (the finaliser of SplitMix64).
fn mixed(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}
