//! The functions of the language: one file each, signature, meaning and body together.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::evaluate::{Call, Value};
use super::patterns::Mode;
use super::schema::Type;

/// Declares functions: each word is a file with a `pub const FUNCTION`.
macro_rules! functions {
    ($($name:ident),+ $(,)?) => {
        $(mod $name;)+
        /// The functions of this folder.
        pub(super) static LISTED: &[crate::rules::functions::Function] = &[$($name::FUNCTION),+];
    };
}

mod beta;
mod coded;
mod counted;
mod file;
mod hash;
mod html;
mod ml;
mod network;
mod parsed;
mod profile;
mod profiles;
mod regex;
mod strings;

functions! { all, any, coalesce, distinct, filter, flatten, ilike, keys, length, map, ratio, sum, values }

/// What an argument must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepts {
    /// Anything.
    Any,
    /// Text.
    Text,
    /// Text, in lower case where it stands in the source.
    Folded,
    /// A number.
    Number,
    /// True or false.
    Boolean,
    /// A list of texts.
    Texts,
    /// A list.
    List,
    /// A list of lists.
    Lists,
    /// Something that has a length: text, a list, a map, JSON.
    Countable,
    /// Values by name.
    Map,
    /// A condition on each element of the list that is the first argument.
    Condition,
    /// An expression on each element of the list that is the first argument.
    Expression,
    /// A pattern.
    Pattern(Mode),
    /// A file.
    File,
    /// A page of HTML.
    Page,
    /// A page of HTML, its source, or a file.
    PageOrFile,
    /// A link, a URL, or the text of one.
    Link,
    /// A domain, or its text.
    Domain,
}

/// How often an argument may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arity {
    /// Once.
    One,
    /// Once or not at all.
    Optional,
    /// Once or more.
    Many,
    /// By keyword, or not at all.
    Keyword,
}

/// An argument of a function.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// Its name; for one by keyword, the keyword.
    pub name: &'static str,
    /// What it must be.
    pub accepts: Accepts,
    /// How often it may stand.
    pub arity: Arity,
}

const fn parameter(name: &'static str, accepts: Accepts, arity: Arity) -> Parameter {
    Parameter { name, accepts, arity }
}

const fn one(name: &'static str, accepts: Accepts) -> Parameter {
    parameter(name, accepts, Arity::One)
}

const fn many(name: &'static str, accepts: Accepts) -> Parameter {
    parameter(name, accepts, Arity::Many)
}

const fn keyword(name: &'static str, accepts: Accepts) -> Parameter {
    parameter(name, accepts, Arity::Keyword)
}

/// What a function does.
#[derive(Clone, Copy, Debug)]
pub enum Body {
    /// Computes its value.
    Known(for<'c, 'm> fn(&Call<'c, 'm>) -> Value<'m>),
    /// Gives null: what is lacking to compute it.
    Lacks(&'static str),
}

/// A function.
#[derive(Debug)]
pub struct Function {
    /// Its name, with its dots.
    pub name: &'static str,
    /// What it gives, in words.
    pub about: &'static str,
    /// Its arguments.
    pub takes: &'static [Parameter],
    /// The type of what it gives, by those of its arguments; for a condition or expression, by that of its value.
    pub gives: fn(&[Type]) -> Type,
    /// What it does.
    pub body: Body,
}

impl Function {
    /// How it is called: `strings.contains(source, sought, …)`.
    pub fn signature(&self) -> String {
        let shown = self.takes.iter().map(|parameter| match parameter.arity {
            Arity::One => parameter.name.to_owned(),
            Arity::Optional => format!("[{}]", parameter.name),
            Arity::Many => format!("{}, …", parameter.name),
            Arity::Keyword => format!("[{}=]", parameter.name),
        });
        format!("{}({})", self.name, shown.collect::<Vec<_>>().join(", "))
    }
}

/// All functions, those without a namespace first.
pub fn all() -> impl Iterator<Item = &'static Function> {
    let spaces = [
        LISTED,
        strings::LISTED,
        regex::LISTED,
        hash::LISTED,
        html::LISTED,
        file::LISTED,
        ml::LISTED,
        network::LISTED,
        profile::LISTED,
        beta::LISTED,
    ];
    spaces.into_iter().flatten()
}

/// The function of a name.
pub fn find(name: &str) -> Option<&'static Function> {
    static BY_NAME: LazyLock<HashMap<&'static str, &'static Function>> =
        LazyLock::new(|| all().map(|function| (function.name, function)).collect());
    BY_NAME.get(name).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_function_is_found_by_its_name_and_explained() {
        for function in all() {
            assert!(std::ptr::eq(find(function.name).expect("listed"), function), "{}", function.name);
            assert!(!function.about.is_empty(), "{}", function.name);
        }
    }

    #[test]
    fn signatures_show_how_often_an_argument_may_stand() {
        assert_eq!(find("strings.contains").expect("known").signature(), "strings.contains(source, sought, …)");
        assert_eq!(find("strings.parse_url").expect("known").signature(), "strings.parse_url(text, [strict=])");
        assert_eq!(find("any").expect("known").signature(), "any(list, condition)");
    }
}
