//! The whole program under real mail: `kith serve` by the milter protocol, and behind Postfix. `tests/bench/README.md`
//! tells how to run it.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Parser;

#[path = "inline/caller.rs"]
mod caller;
#[path = "../suite/dns.rs"]
#[allow(dead_code, reason = "the suite needs more of it")]
mod dns;
#[path = "inline/letter.rs"]
mod letter;
#[path = "inline/load.rs"]
mod load;
#[path = "../suite/mta/mod.rs"]
#[allow(dead_code, unused_imports, reason = "the suite needs more of it")]
mod mta;
#[path = "inline/program.rs"]
mod program;
#[path = "inline/relay.rs"]
mod relay;

use caller::Socket;
use dns::DnsServer;
use letter::Letter;
use load::{Figures, Load};
use program::Program;

/// Measures Kith under real mail.
#[derive(Parser)]
struct Options {
    /// Mail to send: files and folders. The default is the corpus that packaging/quickstart.sh fetches
    mail: Vec<PathBuf>,
    /// Messages of each run by the milter protocol, each sent once
    #[arg(long, default_value_t = 3_000)]
    messages: usize,
    /// Messages of each run through Postfix, spread over the whole; 0 leaves these runs out
    #[arg(long, default_value_t = 1_000)]
    postfix: usize,
    /// Leave out the runs by the milter protocol
    #[arg(long)]
    only_postfix: bool,
    /// Let no domain have SPF and DMARC records: every DNS question is answered by NXDOMAIN
    #[arg(long)]
    no_records: bool,
    /// Given by cargo
    #[arg(long, hide = true)]
    bench: bool,
}

/// Connections at a time by the milter protocol.
const CONNECTIONS: [usize; 3] = [1, 8, 32];

/// Sessions at a time through Postfix.
const SESSIONS: [usize; 2] = [1, 8];

fn main() {
    let options = Options::parse();
    let paths = if options.mail.is_empty() { vec![mta::cache().join("spam-assassin")] } else { options.mail.clone() };
    let letters = Letter::read(&paths, options.messages.max(options.postfix));
    assert!(!letters.is_empty(), "no mail in {paths:?}: packaging/quickstart.sh fetches the corpus");
    let zone = if options.no_records { String::new() } else { letter::zone(&letters) };
    let dns = DnsServer::start(&zone);
    describe(&letters, &zone);
    if !options.only_postfix {
        by_protocol(&letters[..options.messages.min(letters.len())], &dns);
    }
    if options.postfix > 0 {
        let step = letters.len().div_ceil(options.postfix);
        let spread: Vec<Letter> = letters.into_iter().step_by(step).collect();
        through_postfix(&spread, dns.addr());
    }
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    println!("\nload average at the end: {}", load.trim());
}

fn describe(letters: &[Letter], zone: &str) {
    let bytes: usize = letters.iter().map(|letter| letter.raw.len()).sum();
    let clients = letters.iter().filter(|letter| letter.envelope.client.is_some()).count();
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    println!(
        "{} messages, {:.1} kB each on average, {clients} with the address of their client; {} DNS records; {} \
         processors, load average {}",
        letters.len(),
        bytes as f64 / 1_000.0 / letters.len() as f64,
        zone.lines().count(),
        std::thread::available_parallelism().map_or(1, usize::from),
        load.trim()
    );
}

/// Each run has a fresh process with an empty state: what is seen a second time costs less.
fn by_protocol(letters: &[Letter], dns: &DnsServer) {
    println!("\nBy the milter protocol                      ms a message                     CPU ms   peak    DNS");
    println!(
        "socket  at a time  a connection   msg/s     p50     p95     p99     max  a message    MiB  asked  answers"
    );
    let mut stalls = Vec::new();
    for kind in 0..2 {
        for (keeps_connection, name) in [(false, "one message"), (true, "many messages")] {
            for connections in CONNECTIONS {
                let program = Program::start(dns.addr());
                let socket = &program.sockets()[kind];
                let (before, asked) = (program.processor_seconds(), dns.asked());
                let (answered, took) = caller::call(socket, letters, Load { connections, keeps_connection });
                program.settle();
                let figures = Figures::of(&answered, took);
                let cost = (program.processor_seconds() - before) * 1_000.0 / letters.len() as f64;
                let [p50, p95, p99, max] = figures.latency_ms;
                println!(
                    "{:6} {connections:>10}  {name:13} {:>6.0} {p50:>7.2} {p95:>7.2} {p99:>7.2} {max:>7.2} {cost:>10.2} \
                     {:>6.0} {:>6.2}  {:?}",
                    socket.kind(),
                    figures.rate,
                    program.peak_mib(),
                    (dns.asked() - asked) as f64 / letters.len() as f64,
                    figures.answers
                );
                if matches!(socket, Socket::Tcp(_)) && connections == 1 {
                    stalls.push(format!("{name} a connection: {} of {}", figures.stalled, figures.messages));
                }
            }
        }
    }
    println!("Stalls of 38 to 60 ms on TCP, one at a time: {}", stalls.join("; "));
}

fn through_postfix(letters: &[Letter], resolver: SocketAddr) {
    println!("\nThrough Postfix, one message a session      ms a message                     CPU ms of     rate with");
    println!(
        "milter  at a time                 msg/s     p50     p95     p99     max  Kith a message  to without  answers"
    );
    for connections in SESSIONS {
        let (answered, took) = relay::relay("", letters, connections);
        let alone = Figures::of(&answered, took);
        row("none", connections, &alone, "", "");
        for kind in 0..2 {
            let program = Program::start(resolver);
            let socket = &program.sockets()[kind];
            let before = program.processor_seconds();
            let (answered, took) = relay::relay(&socket.milter(), letters, connections);
            program.settle();
            let figures = Figures::of(&answered, took);
            let cost = (program.processor_seconds() - before) * 1_000.0 / letters.len() as f64;
            let ratio = figures.rate / alone.rate;
            row(socket.kind(), connections, &figures, &format!("{cost:.2}"), &format!("{ratio:.2}"));
            if matches!(socket, Socket::Tcp(_)) && connections == 1 {
                println!("        stalls of 38 to 60 ms: {} of {}", figures.stalled, figures.messages);
            }
        }
    }
}

fn row(milter: &str, connections: usize, figures: &Figures, cost: &str, ratio: &str) {
    let [p50, p95, p99, max] = figures.latency_ms;
    println!(
        "{milter:6} {connections:>10}                {:>6.0} {p50:>7.2} {p95:>7.2} {p99:>7.2} {max:>7.2} {cost:>15} \
         {ratio:>11}  {:?}",
        figures.rate, figures.answers
    );
}
