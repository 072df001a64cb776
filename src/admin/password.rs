//! Passwords: hashed by Argon2id, slowly and with a salt each.

use std::fs::File;
use std::io::Read;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};

/// Fewest characters (NIST SP 800-63B asks for 8 with a second factor and 15 without; a rate limit stands before this).
const CHARACTERS_MIN: usize = 12;
/// Most bytes: longer ones only cost time.
const BYTES_MAX: usize = 1_024;
/// Bytes of salt, as RFC 9106 §3.1 recommends.
const SALT_BYTES: usize = 16;
/// A hash like any other, of a password that nobody has: who is unknown takes as long to refuse as who errs.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// The hash of a new password in the PHC form, with the parameters that OWASP recommends (19 MiB, two passes).
///
/// # Errors
/// Why the password is no good one, or that it could not be hashed.
pub(super) fn hash(password: &str) -> Result<String, String> {
    if password.chars().count() < CHARACTERS_MIN {
        return Err(format!("the password is too short: take at least {CHARACTERS_MIN} characters"));
    }
    if password.len() > BYTES_MAX {
        return Err(format!("the password is too long: take at most {BYTES_MAX} bytes"));
    }
    let mut salt = [0; SALT_BYTES];
    let drawn = File::open("/dev/urandom").and_then(|mut source| source.read_exact(&mut salt));
    drawn.map_err(|error| format!("the system gives no random bits: {error}"))?;
    let hash: PasswordHash = Argon2::default()
        .hash_password_with_salt(password.as_bytes(), &salt)
        .map_err(|error| format!("the password could not be hashed: {error}"))?;
    Ok(hash.to_string())
}

/// Whether this is the password behind a hash; `None` is nobody's. Takes 19 MiB and some hundredths of a second.
pub(super) fn is_behind(password: &str, hash: Option<&str>) -> bool {
    if password.len() > BYTES_MAX {
        return false;
    }
    let verified = PasswordHash::new(hash.unwrap_or(NOBODY))
        .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok());
    verified && hash.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_known_by_its_hash_alone() {
        let (one, other) = (hash("correct horse").expect("sound"), hash("correct horse").expect("sound"));
        assert_ne!(one, other, "each has a salt of its own");
        assert!(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{one}");
        assert!(is_behind("correct horse", Some(&one)));
        assert!(!is_behind("correct horsf", Some(&one)) && !is_behind("", Some(&one)));
        assert!(!is_behind("correct horse", None) && !is_behind("correct horse", Some("damaged")));
        assert!(PasswordHash::new(NOBODY).is_ok(), "refusing nobody takes as long as refusing somebody");
    }

    #[test]
    fn passwords_are_neither_short_nor_endless() {
        assert!(hash(&"ä".repeat(CHARACTERS_MIN)).is_ok() && hash(&"x".repeat(CHARACTERS_MIN - 1)).is_err());
        assert!(hash(&"x".repeat(BYTES_MAX)).is_ok() && hash(&"x".repeat(BYTES_MAX + 1)).is_err());
    }
}
