//! The smallest milter there can be: it answers every message alike, so that the MTAs themselves can be tried.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

/// Frames sent at the end of every message: a letter and its data each.
pub type Frames = Vec<(u8, Vec<u8>)>;

/// Answers that let a message pass.
pub fn accepting() -> Frames {
    vec![(b'c', Vec::new())]
}

/// Answers that insert a header field above all others and let the message pass.
pub fn marking(name: &str, value: &str) -> Frames {
    vec![(b'i', [&[0; 4], name.as_bytes(), b"\0", value.as_bytes(), b"\0"].concat()), (b'c', Vec::new())]
}

/// Answers that put a message into the MTA's quarantine.
pub fn holding(reason: &str) -> Frames {
    vec![(b'q', [reason.as_bytes(), b"\0"].concat()), (b'c', Vec::new())]
}

/// Listens on loopback until the test's process ends; gives the address in Postfix's spelling.
pub fn start(frames: Frames) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let port = listener.local_addr().expect("a bound socket").port();
    let frames = Arc::new(frames);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let frames = Arc::clone(&frames);
            // An MTA that hangs up ends its own thread alone.
            thread::spawn(move || serve(stream, &frames));
        }
    });
    format!("inet:127.0.0.1:{port}")
}

fn serve(mut stream: TcpStream, frames: &Frames) -> Option<()> {
    loop {
        let mut length = [0; 4];
        stream.read_exact(&mut length).ok()?;
        let mut frame = vec![0; u32::from_be_bytes(length) as usize];
        stream.read_exact(&mut frame).ok()?;
        match frame.first()? {
            // Version 6; add header fields, quarantine; every step is answered.
            b'O' => write(&mut stream, b'O', &[0, 0, 0, 6, 0, 0, 0, 0x21, 0, 0, 0, 0])?,
            b'E' => frames.iter().try_for_each(|(letter, data)| write(&mut stream, *letter, data))?,
            b'D' | b'A' | b'K' => {}
            b'Q' => return Some(()),
            _ => write(&mut stream, b'c', &[])?,
        }
    }
}

fn write(stream: &mut TcpStream, letter: u8, data: &[u8]) -> Option<()> {
    let length = u32::try_from(data.len() + 1).ok()?.to_be_bytes();
    stream.write_all(&[&length[..], &[letter], data].concat()).ok()
}
