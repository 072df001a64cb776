//! Digests.

functions! {
    sha256,
}
