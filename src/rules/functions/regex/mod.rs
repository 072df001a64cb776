//! Functions on strings by regular expressions.

functions! {
    contains, count, extract, icontains, icount, iextract, imatch, r#match,
}
