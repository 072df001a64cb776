//! Secrets: drawn by the system, kept as digests, compared in a time that tells nothing.

use std::fs::File;
use std::io::{self, Read};

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// 256 random bits as 64 hexadecimal digits.
pub(super) fn draw() -> io::Result<String> {
    let mut bytes = [0; 32];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(hex(&bytes))
}

/// SHA-256 of a secret: what is kept of one that needs no slow hash, being random itself.
pub(super) fn digest(secret: &str) -> String {
    hex(&Sha256::digest(secret.as_bytes()))
}

/// The token that a form bears which belongs to this cookie. It tells nothing of the cookie, and nobody who cannot read
/// the cookie can make it.
pub(super) fn form_token(cookie: &str) -> String {
    digest(&format!("form {cookie}"))
}

/// Whether two secrets are the same.
pub(super) fn same(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_long_and_never_the_same() {
        let (one, other) = (draw().expect("drawn"), draw().expect("drawn"));
        assert_eq!(one.len(), 64);
        assert!(!same(&one, &other) && same(&one, &one.clone()));
        assert!(!same("", "x") && !same("xy", "x"));
    }

    #[test]
    fn a_form_s_token_does_not_tell_the_cookie() {
        assert_ne!(form_token("a"), digest("a"));
        assert_eq!(form_token("a"), form_token("a"));
    }
}
