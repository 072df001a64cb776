//! The thread that asks the shared store: all questions that wait together make one round trip.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::link::{Command, Fields, Link};
use crate::baseline::complaint::Complaint;
use crate::baseline::learner::lock;

/// Questions of one round trip: of some forty keys each, so that the store is not kept from others for long.
const TOGETHER_MAX: usize = 16;
/// Questions that wait; a store that is so far behind is as good as away.
const WAITING_MAX: usize = 1_024;
/// How long the store is left alone after it did not answer: mail has a gap, and waits for nothing meanwhile.
const RETRY: Duration = Duration::from_millis(500);
/// How long nobody asks before it is tried whether the store still answers.
const IDLE: Duration = Duration::from_millis(500);
/// How often it is looked whether to end.
const LOOK: Duration = Duration::from_millis(100);

/// What is answered: the fields of each key that was read.
pub(super) type Answered = Result<Vec<Fields>, String>;

struct Question {
    commands: Vec<Command>,
    answer: Box<dyn FnOnce(Answered) + Send>,
}

/// Asks the store, and knows whether it answers.
pub(super) struct Asker {
    waiting: SyncSender<Question>,
    answers: Arc<AtomicBool>,
    opened: Arc<Mutex<Option<Instant>>>,
    stop: Arc<AtomicBool>,
    patience: Duration,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Asker {
    /// Starts the thread, after one attempt to connect. While nobody asks, `probe` is.
    pub fn start(mut link: Link, patience: Duration, probe: Command) -> Result<Self, String> {
        let (waiting, questions) = sync_channel(WAITING_MAX);
        let (answers, stop) = (Arc::new(AtomicBool::new(link.connect().is_ok())), Arc::new(AtomicBool::new(false)));
        let opened = Arc::new(Mutex::new(link.opened()));
        let (its_answers, its_opened, its_stop) = (Arc::clone(&answers), Arc::clone(&opened), Arc::clone(&stop));
        let thread = std::thread::Builder::new().name("baseline-ask".to_owned());
        let run = move || ask_on(&mut link, &questions, probe, (&its_answers, &its_opened), &its_stop);
        let thread = Mutex::new(Some(thread.spawn(run).map_err(|error| error.to_string())?));
        Ok(Self { waiting, answers, opened, stop, patience, thread })
    }

    /// Whether the store answered last.
    pub fn is_answered(&self) -> bool {
        self.answers.load(Ordering::Acquire)
    }

    /// When the connection was made that is asked now.
    pub fn opened(&self) -> Option<Instant> {
        *lock(&self.opened)
    }

    /// What the store answers, within the time that a message waits.
    pub async fn ask(&self, commands: Vec<Command>) -> Answered {
        let (send, answer) = tokio::sync::oneshot::channel();
        // Who asked may be gone by then.
        self.put(commands, Box::new(move |answered| drop(send.send(answered))))?;
        match tokio::time::timeout(self.patience, answer).await {
            Ok(Ok(answered)) => answered,
            Ok(Err(_)) => Err("the question was dropped".to_owned()),
            Err(_) => Err(self.overdue()),
        }
    }

    /// As [`Asker::ask`], for a thread that may be blocked.
    pub fn ask_blocking(&self, commands: Vec<Command>) -> Answered {
        let (send, answer) = sync_channel(1);
        self.put(commands, Box::new(move |answered| drop(send.try_send(answered))))?;
        answer.recv_timeout(self.patience).unwrap_or_else(|_| Err(self.overdue()))
    }

    fn put(&self, commands: Vec<Command>, answer: Box<dyn FnOnce(Answered) + Send>) -> Result<(), String> {
        if !self.is_answered() {
            return Err("it is away".to_owned());
        }
        self.waiting.try_send(Question { commands, answer }).map_err(|error| match error {
            TrySendError::Full(_) => "too many questions wait".to_owned(),
            TrySendError::Disconnected(_) => "nobody asks it any more".to_owned(),
        })
    }

    fn overdue(&self) -> String {
        format!("no answer within {} ms", self.patience.as_millis())
    }

    /// Ends the thread.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Release);
        let thread = lock(&self.thread).take();
        if thread.is_some_and(|thread| thread.join().is_err()) {
            log::error!("baseline: the thread that asks the shared store broke off");
        }
    }
}

fn ask_on(
    link: &mut Link,
    questions: &Receiver<Question>,
    probe: Command,
    (answers, opened): (&AtomicBool, &Mutex<Option<Instant>>),
    stop: &AtomicBool,
) {
    // The first attempt follows at once: a pause of the store may be over.
    let (mut tried, mut used, away) = (None::<Instant>, Instant::now(), Complaint::default());
    while !stop.load(Ordering::Acquire) {
        if !answers.load(Ordering::Acquire) && tried.is_none_or(|tried| tried.elapsed() >= RETRY) {
            match link.connect() {
                Ok(()) => answers.store(true, Ordering::Release),
                Err(why) => away.make(Instant::now(), || format!("the shared store is away, mail has gaps: {why}")),
            }
            tried = Some(Instant::now());
        }
        let first = match questions.recv_timeout(LOOK) {
            Ok(question) => question,
            Err(RecvTimeoutError::Timeout) if used.elapsed() < IDLE || !answers.load(Ordering::Acquire) => continue,
            // So that a message finds a connection that holds, or knows that there is none.
            Err(RecvTimeoutError::Timeout) => Question { commands: vec![probe.clone()], answer: Box::new(drop) },
            Err(RecvTimeoutError::Disconnected) => return,
        };
        used = Instant::now();
        let mut together = vec![first];
        together.extend(questions.try_iter().take(TOGETHER_MAX - 1));
        if let Err(why) = answer(link, opened, together, answers.load(Ordering::Acquire)) {
            answers.store(false, Ordering::Release);
            away.make(Instant::now(), || format!("the shared store does not answer, mail has gaps: {why}"));
            tried = None;
        }
    }
}

/// Answers questions by one round trip; those that waited while the store went away by nothing.
fn answer(
    link: &mut Link,
    opened: &Mutex<Option<Instant>>,
    together: Vec<Question>,
    is_answered: bool,
) -> Result<(), String> {
    let commands: Vec<Command> = together.iter().flat_map(|question| question.commands.iter().cloned()).collect();
    let answered = if is_answered { link.run(&commands) } else { Err("it is away".to_owned()) };
    // Before anybody sees the answer.
    *lock(opened) = link.opened();
    let outcome = answered.as_ref().map(|_| ()).map_err(Clone::clone);
    let mut all = answered.map(Vec::into_iter);
    for question in together {
        let reads = question.commands.iter().filter(|command| command.is_read()).count();
        (question.answer)(match &mut all {
            Ok(fields) => Ok(fields.take(reads).collect()),
            Err(why) => Err(why.clone()),
        });
    }
    outcome
}
