//! Two hosts that share their baselines by a store: one has learned all and told it, the other recalls it and learns on.

use std::io;
use std::time::{Duration, Instant};

use kith::baseline::{Baselines, Observation, Settings, SharedSettings};

use super::people::{People, drawn};
use super::process::processor_time;
use super::{Options, milliseconds};

/// One host learns all and tells it; another recalls it and learns on.
pub fn shared(options: &Options, address: &str, pairs: u64) -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let open = |host: &str| {
        let shared = SharedSettings {
            addresses: vec![address.to_owned()],
            cluster: options.cluster,
            host: format!("{host}{pairs}"),
            secret_file: folder.path().join("secret").display().to_string(),
            prefix: "kith-bench:".to_owned(),
            recall_milliseconds_max: 1_000,
            fresh_milliseconds: 0,
            ..SharedSettings::default()
        };
        let settings = Settings { shared, ..Settings::default() };
        let baselines = Baselines::open(&folder.path().join(host), &settings).map_err(io::Error::other)?;
        baselines.share().map_err(io::Error::other)?;
        Ok::<_, io::Error>(baselines)
    };
    let mut people = People::new();
    let (a, started) = (open("a")?, Instant::now());
    for n in 0..pairs / 2 {
        a.learn(people.observation(n, n));
        if n % 1_000 == 0 {
            a.flush();
        }
    }
    told(&a)?;
    let filled = (pairs / 2) as f64 / started.elapsed().as_secs_f64();
    // Only what the other host told is known here.
    let b = open("b")?;
    std::thread::sleep(Duration::from_secs(2));
    let first = pairs * 10;
    let mail: Vec<Observation> =
        (0..options.messages).map(|n| people.observation(drawn(n, pairs / 2), first + n)).collect();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    let (before, mut clock) = (processor_time(), Vec::with_capacity(mail.len()));
    for observation in mail.iter().rev() {
        let started = Instant::now();
        let baseline = runtime.block_on(b.recall_shared(&observation.query));
        clock.push(started.elapsed());
        assert!(baseline.gaps.is_empty() && baseline.sender.is_some(), "{:?}", baseline.gaps);
    }
    let (recalled, messages) = (processor_time() - before, options.messages.max(1) as u32);
    clock.sort_unstable();
    let (before, started) = (processor_time(), Instant::now());
    for (nth, observation) in mail.into_iter().enumerate() {
        b.learn(observation);
        if nth % 1_000 == 0 {
            b.flush();
        }
    }
    told(&b)?;
    println!("{pairs} relationships: filled and told at {filled:.0} messages a second");
    println!(
        "  recall: {:.3} ms a message (median; 99 in 100 below {:.3}), {:.3} ms of processor time here",
        milliseconds(clock[clock.len() / 2]),
        milliseconds(clock[clock.len() * 99 / 100]),
        milliseconds(recalled / messages)
    );
    println!(
        "  learn: {:.3} ms a message with claiming and telling, {:.3} ms of processor time here",
        milliseconds(started.elapsed() / messages),
        milliseconds((processor_time() - before) / messages)
    );
    Ok(())
}

/// Waits until all is on disk and told.
fn told(baselines: &Baselines) -> io::Result<()> {
    baselines.sync().map_err(io::Error::other)?;
    while baselines.state().untold > 0 {
        std::thread::sleep(Duration::from_millis(5));
    }
    Ok(())
}
