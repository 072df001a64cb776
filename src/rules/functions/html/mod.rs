//! Functions on pages.

functions! {
    xpath,
}
