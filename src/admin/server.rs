//! The console as the daemon holds it: started beside the mail on a thread of its own, told of reloads, and stopped.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::oneshot;

use super::console::{Console, Counting, Shown};
use super::listener::{Peer, Places};
use super::{Settings, gates, routes};
use crate::filter::Filter;

/// Threads for what reads files or waits for others: more than all gates together let through, so that pages never wait
/// for a password, a mail server or a report.
const BLOCKING_THREADS_MAX: usize = gates::PLACES + 2;
/// Pause between looks for journal files that were put aside.
const BUILD_EVERY: Duration = Duration::from_secs(60);
/// Pause after each file that was indexed, so that mail comes first.
const BUILD_PAUSE: Duration = Duration::from_millis(20);
/// Patience with pages under way at the end.
const CLOSING: Duration = Duration::from_secs(2);

/// A console that is served. It ends when dropped.
#[derive(Debug)]
pub struct Admin {
    console: Arc<Console>,
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Admin {
    /// Serves the console by its settings, on a thread of its own: the mail never waits for a page. `None` where the
    /// settings turn it off.
    ///
    /// # Errors
    /// Why it cannot be served.
    pub fn start(
        settings: &Settings,
        state: &Path,
        in_force: (Arc<Filter>, Vec<Shown>),
        counting: Counting,
    ) -> Result<Option<Self>, String> {
        let Some(address) = settings.address()? else { return Ok(None) };
        let cannot = |what: &str, error: io::Error| format!("{what}: {error}");
        let listener =
            TcpListener::bind(address).map_err(|error| cannot(&format!("cannot listen on {address}"), error))?;
        listener.set_nonblocking(true).map_err(|error| cannot("cannot listen", error))?;
        let address = listener.local_addr().map_err(|error| cannot("cannot listen", error))?;
        let console = Console::open(settings, state, in_force, counting)
            .map_err(|error| cannot("its folder in the state directory cannot be used", error))?;
        let console = Arc::new(console);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .max_blocking_threads(BLOCKING_THREADS_MAX)
            .build()
            .map_err(|error| cannot("the system refused a runtime", error))?;
        let (stop, stopped) = oneshot::channel();
        let served = Arc::clone(&console);
        let serve = move || {
            runtime.block_on(serve(listener, served, stopped));
            runtime.shutdown_timeout(CLOSING);
        };
        let thread = std::thread::Builder::new().name("kith-console".to_owned()).spawn(serve);
        let thread = thread.map_err(|error| cannot("the system refused a thread", error))?;
        Ok(Some(Self { console, address, stop: Some(stop), thread: Some(thread) }))
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Shows the filter and the settings that are in force from now on.
    pub fn replace(&self, filter: Arc<Filter>, shown: Vec<Shown>) {
        self.console.replace(filter, shown);
    }
}

impl Drop for Admin {
    fn drop(&mut self) {
        self.stop.take().map(|stop| stop.send(()));
        if let Some(Err(_)) = self.thread.take().map(JoinHandle::join) {
            log::error!("console: its thread failed");
        }
    }
}

async fn serve(listener: TcpListener, console: Arc<Console>, stopped: oneshot::Receiver<()>) {
    let listener = match tokio::net::TcpListener::from_std(listener) {
        Ok(listener) => Places::new(listener),
        Err(error) => return log::error!("console: the socket cannot be used: {error}"),
    };
    let building = tokio::spawn(build(Arc::clone(&console)));
    let service = routes::router(console).into_make_service_with_connect_info::<Peer>();
    tokio::select! {
        served = async { axum::serve(listener, service).await } => {
            if let Err(error) = served {
                log::error!("console: it is not served any more: {error}");
            }
        }
        // Pages under way are cut off: nobody waits for them as for mail.
        _ = stopped => {}
    }
    building.abort();
}

/// Keeps the index up to date.
async fn build(console: Arc<Console>) {
    let shelf = Arc::clone(&console);
    // Read once before somebody asks: the first look reads every held message.
    match tokio::task::spawn_blocking(move || shelf.shelf.look().map(drop)).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => log::warn!("console: the quarantine cannot be listed: {error}"),
        Err(error) => log::error!("console: listing the quarantine failed: {error}"),
    }
    loop {
        let index = Arc::clone(&console);
        let built = tokio::task::spawn_blocking(move || index.index.build_one()).await;
        match built {
            Ok(Ok(true)) => tokio::time::sleep(BUILD_PAUSE).await,
            Ok(Ok(false)) => tokio::time::sleep(BUILD_EVERY).await,
            Ok(Err(error)) => {
                log::warn!("console: the journal cannot be indexed: {error}");
                tokio::time::sleep(BUILD_EVERY).await;
            }
            Err(error) => {
                log::error!("console: indexing the journal failed: {error}");
                tokio::time::sleep(BUILD_EVERY).await;
            }
        }
    }
}
