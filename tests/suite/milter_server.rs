//! The milter's server over TCP: deadlines, panics, progress, limits, reload and drain.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use kith::milter::{Counts, Drained, Handle, Server, Settings};
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet, spawn_blocking};

use crate::milter_client::{Conduct, Mta};

/// A server that serves, and what its filter tells.
struct Serving {
    endpoint: String,
    filter: Arc<Conduct>,
    handle: Handle<Conduct>,
    events: Option<Receiver<&'static str>>,
    unblock: Sender<()>,
    stop: oneshot::Sender<()>,
    end: JoinHandle<Drained>,
}

fn serve(change: impl FnOnce(&mut Settings)) -> Serving {
    let mut settings = Settings { listen: vec!["inet:127.0.0.1:0".to_owned()], ..Settings::default() };
    change(&mut settings);
    let (tell, events) = channel();
    let (unblock, blocked) = channel();
    let filter = Arc::new(Conduct::new(tell, blocked));
    let server = Server::bind(settings, Arc::clone(&filter)).expect("listens");
    let (stop, stopped) = oneshot::channel::<()>();
    let (endpoint, handle) = (server.endpoints().remove(0).to_string(), server.handle());
    let end = tokio::spawn(server.serve(async move {
        let _ = stopped.await;
    }));
    Serving { endpoint, filter, handle, events: Some(events), unblock, stop, end }
}

impl Serving {
    async fn connect(&self) -> Mta<tokio::net::TcpStream> {
        Mta::connect(&self.endpoint).await
    }

    /// Waits until the filter tells this event.
    async fn until(&mut self, wanted: &'static str) {
        let events = self.events.take().expect("one wait at a time");
        let wait = move || {
            while events.recv().expect("the filter tells") != wanted {}
            events
        };
        self.events = Some(spawn_blocking(wait).await.expect("no panic"));
    }

    fn whys(&self) -> String {
        self.filter.whys.lock().expect("no panic").join("; ")
    }

    fn counts(&self) -> Counts {
        self.handle.counts()
    }

    async fn stop(self) -> Drained {
        self.stop.send(()).expect("it serves");
        self.end.await.expect("no panic")
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_does_not_come_is_given_by_the_policy() {
    let serving = serve(|s| s.answer_seconds_max = 1);
    let mut mta = serving.connect().await;
    assert_eq!(mta.ask("never").await, 'r');
    assert_eq!(mta.ask("").await, 'c', "the next message is judged");
    assert!(serving.whys().contains("answer_seconds_max = 1"), "{}", serving.whys());
    assert_eq!(serving.counts().overdue_total, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn a_filter_that_blocks_its_thread_is_overdue_too() {
    let serving = serve(|s| {
        s.answer_seconds_max = 1;
        s.in_flight_max = 1;
    });
    let mut mta = serving.connect().await;
    assert_eq!(mta.ask("block").await, 'r');
    assert_eq!((serving.counts().overdue_total, serving.counts().in_flight), (1, 1));
    assert_eq!(mta.ask("").await, 'r', "its place is still taken");
    assert_eq!(serving.counts().overload_total, 1);
    serving.unblock.send(()).expect("it blocks");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panic_ends_one_message() {
    let serving = serve(|_| ());
    let mut mta = serving.connect().await;
    assert_eq!(mta.ask("panic").await, 'r');
    assert_eq!(mta.ask("").await, 'c');
    assert!(serving.whys().contains("panic"), "{}", serving.whys());
    assert_eq!(serving.counts().panics_total, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_policy_that_panics_is_a_temporary_failure() {
    let serving = serve(|s| s.message_bytes_max = 100);
    let mut mta = serving.connect().await;
    assert_eq!(mta.ask(&"x".repeat(100)).await, 't');
    assert_eq!(mta.ask("").await, 'c');
    assert_eq!((serving.counts().beyond_total, serving.counts().panics_total), (1, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_mta_hears_of_progress_while_it_waits() {
    let serving = serve(|s| s.progress_seconds = 1);
    let mut mta = serving.connect().await;
    mta.send("wait").await;
    assert_eq!(mta.letter().await, 'p');
    assert_eq!(mta.letter().await, 'p');
    serving.filter.go.add_permits(1);
    assert_eq!(mta.letter().await, 'c');
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_filter_learns_whether_its_answer_was_sent() {
    let mut serving = serve(|_| ());
    let mut mta = serving.connect().await;
    assert_eq!(mta.ask("").await, 'c');
    serving.until("sent true").await;
    mta.send("flood").await;
    // The answer is on its way and longer than any buffer; an MTA that goes away does not get it.
    assert_eq!(mta.letter().await, 'b');
    drop(mta);
    serving.until("sent false").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn work_that_nobody_waits_for_is_dropped() {
    let mut serving = serve(|_| ());
    let mut mta = serving.connect().await;
    mta.send("never").await;
    serving.until("thinking").await;
    drop(mta);
    serving.until("dropped").await;
    assert_eq!(serving.counts().abandoned_total, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_in_flight_have_a_limit() {
    for (max, second) in [(1, 'r'), (2, 'c')] {
        let mut serving = serve(|s| s.in_flight_max = max);
        let (mut one, mut two) = (serving.connect().await, serving.connect().await);
        one.send("wait").await;
        serving.until("thinking").await;
        assert_eq!(two.ask("").await, second);
        assert_eq!(serving.counts().overload_total, u64::from(second == 'r'));
        serving.filter.go.add_permits(1);
        assert_eq!(one.letter().await, 'c');
        assert_eq!(two.ask("").await, 'c', "there is room again");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_in_flight_has_a_limit() {
    let long = |verb: &str| format!("{verb} {}", "x".repeat(50_000));
    for (max, second) in [(100_000, 'r'), (400_000, 'c')] {
        let mut serving = serve(|s| {
            s.message_bytes_max = 60_000;
            s.in_flight_bytes_max = max;
        });
        let (mut one, mut two) = (serving.connect().await, serving.connect().await);
        one.send(&long("wait")).await;
        serving.until("thinking").await;
        assert_eq!(two.ask(&long("go")).await, second, "{max}");
        assert_eq!(serving.whys().contains("in_flight_bytes_max"), second == 'r');
        serving.filter.go.add_permits(1);
        assert_eq!(one.letter().await, 'c');
        assert_eq!(two.ask(&long("go")).await, 'c', "there is room again");
        assert_eq!(serving.counts().in_flight_bytes, 0, "all is given back");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_beyond_the_limit_wait_for_their_turn() {
    let serving = serve(|s| s.connections_max = 1);
    let mut one = serving.connect().await;
    let mut two = Mta::dial(&serving.endpoint).await.expect("waits in the system's queue");
    two.say(b'O', b"\0\0\0\x06\0\0\x01\xff\0\x1f\xff\xff").await;
    assert_eq!(one.ask("").await, 'c');
    assert_eq!(serving.counts().connections_total, 1);
    drop(one);
    assert_eq!(two.letter().await, 'O');
    assert_eq!((serving.counts().connections_total, serving.counts().connections), (2, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn idle_connections_are_closed() {
    let serving = serve(|s| s.idle_seconds_max = 1);
    let mut mta = serving.connect().await;
    assert_eq!(mta.ask("").await, 'c');
    assert_eq!(mta.letter().await, '.');
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn violations_are_counted() {
    let serving = serve(|_| ());
    let mut mta = serving.connect().await;
    mta.say(b'!', b"").await;
    assert_eq!(mta.letter().await, '.');
    assert_eq!(serving.counts().faults_total, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_connections_are_served_at_once() {
    let serving = serve(|_| ());
    let mut clients = JoinSet::new();
    for n in 0..200_u32 {
        let endpoint = serving.endpoint.clone();
        clients.spawn(async move {
            let mut mta = Mta::connect(&endpoint).await;
            for _ in 0..5 {
                let (verb, expected) = if n % 2 == 0 { ("go", 'c') } else { ("discard", 'd') };
                assert_eq!(mta.ask(verb).await, expected, "no answer goes to another connection");
            }
        });
    }
    while let Some(client) = clients.join_next().await {
        client.expect("every client is served");
    }
    assert_eq!((serving.counts().messages_total, serving.counts().in_flight_bytes), (1_000, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_ends_with_the_settings_with_which_it_began() {
    let serving = serve(|_| ());
    let mut old = serving.connect().await;
    let (tell, _events) = channel();
    let (_unblock, blocked) = channel();
    let new = Settings { headers_max: 1, message_bytes_max: 10, ..Settings::default() };
    let unchangeable = serving.handle.reload(new, Arc::new(Conduct::new(tell, blocked)));
    assert_eq!(unchangeable, ["listen"]);
    assert_eq!(old.ask("longer than the new limit").await, 'c');
    assert_eq!(serving.connect().await.ask("longer than the new limit").await, 't');
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn draining_finishes_what_is_under_way() {
    let mut serving = serve(|_| ());
    let (mut idle, mut thinking, mut receiving) =
        (serving.connect().await, serving.connect().await, serving.connect().await);
    receiving.say(b'M', b"<anna@example.org>\0").await;
    receiving.say(b'R', b"<bert@example.net>\0").await;
    receiving.say(b'U', b"NOOP\0").await;
    thinking.send("wait").await;
    serving.until("thinking").await;
    let (filter, endpoint) = (Arc::clone(&serving.filter), serving.endpoint.clone());
    let ended = tokio::spawn(serving.stop());
    assert_eq!(idle.letter().await, '.', "idle connections are closed");
    assert!(Mta::dial(&endpoint).await.is_err(), "nobody listens any more");
    receiving.say(b'E', b"").await;
    assert_eq!((receiving.letter().await, receiving.letter().await), ('c', '.'));
    filter.go.add_permits(1);
    assert_eq!((thinking.letter().await, thinking.letter().await), ('c', '.'));
    assert_eq!(ended.await.expect("no panic"), Drained { unfinished: 0 });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn draining_has_an_end() {
    let mut serving = serve(|s| s.drain_seconds_max = 0);
    let mut mta = serving.connect().await;
    mta.send("never").await;
    serving.until("thinking").await;
    assert_eq!(serving.stop().await, Drained { unfinished: 1 });
    assert_eq!(mta.letter().await, '.');
}
