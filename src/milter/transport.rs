//! What carries a connection, TCP or a unix socket, and what each needs.

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, UnixStream};

/// A stream of bytes between an MTA and the milter.
pub(super) trait Transport: AsyncRead + AsyncWrite + Unpin + Send {
    /// Tells the other side at once that what was read has arrived.
    fn acknowledge(&self) {}
}

impl Transport for UnixStream {}

impl Transport for TcpStream {
    /// The envelope has no answer that would carry its acknowledgement, and Linux waits up to 40 ms for one. So long
    /// Postfix's system keeps back the content: its small writes are held until the last one was acknowledged (Nagle,
    /// RFC 896), for Postfix does not set TCP_NODELAY. The request holds for one acknowledgement (tcp(7), TCP_QUICKACK).
    #[cfg(target_os = "linux")]
    fn acknowledge(&self) {
        if let Err(error) = self.set_quickack(true) {
            // Nothing is lost but time.
            log::debug!("TCP_QUICKACK cannot be set: {error}");
        }
    }
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn tcp_acknowledges_at_once_when_told() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("bound");
        let (_mta, accepted) = tokio::join!(TcpStream::connect(address), listener.accept());
        let (stream, _) = accepted.expect("connected");
        stream.set_quickack(false).expect("an option of TCP");
        assert!(!stream.quickack().expect("an option of TCP"));
        stream.acknowledge();
        assert!(stream.quickack().expect("an option of TCP"));
    }
}
