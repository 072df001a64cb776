//! Trees of the rule language, made at random: what is printed of one parses to the same.

use kith::rules::check::check;
use kith::rules::language::{parse, print};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// Values without parts.
const LEAVES: &[&str] = &[
    "null",
    "true",
    "false",
    "0",
    "7",
    "2.5",
    "1e9",
    "'raw ''text'''",
    "\"a\\n\\\"b\\\\\\u{1f310}\"",
    "$own",
    "sender",
    "body.links",
    ".",
    "..",
    ".href_url",
    "..name",
    "[]",
    "f()",
    "strings.concat('a', 'b')",
];

/// A source in which every part stands in brackets, so that any tree comes of it, whatever binds more strongly.
fn sources() -> impl Strategy<Value = String> {
    select(LEAVES).prop_map(str::to_owned).prop_recursive(7, 60, 4, |inner| {
        let one = inner.clone();
        let two = (inner.clone(), inner.clone());
        let several = vec(inner.clone(), 1..4);
        let relation = select(&["==", "!=", "<", "<=", ">", ">=", "=~", "!~", "+", "-", "*", "/", "%"][..]);
        let word = select(&["and", "or"][..]);
        let membership = select(&["in", "in~", "not in", "not in~"][..]);
        prop_oneof![
            one.clone().prop_map(|a| format!("not ({a})")),
            one.clone().prop_map(|a| format!("-({a})")),
            one.clone().prop_map(|a| format!("({a}) is null")),
            one.clone().prop_map(|a| format!("({a}) is not null")),
            one.clone().prop_map(|a| format!("({a}).field")),
            one.prop_map(|a| format!("({a})[1:]")),
            (two.clone(), relation).prop_map(|((a, b), sign)| format!("({a}) {sign} ({b})")),
            (several.clone(), word).prop_map(|(all, word)| bracketed(&all).join(&format!(" {word} "))),
            (two.clone(), membership).prop_map(|((a, b), word)| format!("({a}) {word} [{b}]")),
            (inner.clone(), several.clone(), select(&["in", "not in~"][..]))
                .prop_map(|(a, all, word)| format!("({a}) {word} ({},)", bracketed(&all).join(", "))),
            two.clone().prop_map(|(a, b)| format!("({a})[{b}]")),
            two.clone().prop_map(|(a, b)| format!("({a}) < ({b}) <= ({a})")),
            two.prop_map(|(a, b)| format!("any({a}, {b}, key={a})")),
            several.clone().prop_map(|all| format!("[{}]", all.join(", "))),
            several.prop_map(|all| format!("2 of ({})", all.join(", "))),
        ]
    })
}

fn bracketed(all: &[String]) -> Vec<String> {
    all.iter().map(|part| format!("({part})")).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn what_is_printed_of_any_tree_parses_to_the_same(source in sources()) {
        let node = parse(&source).map_err(|fault| TestCaseError::fail(format!("{source}: {fault:?}")))?;
        let printed = print(&node);
        let again = parse(&printed).map_err(|fault| TestCaseError::fail(format!("{printed}: {fault:?}")))?;
        prop_assert!(again == node, "{} of {}", printed, source);
        prop_assert_eq!(print(&again), printed);
        if let Err(fault) = check(&node, None) {
            prop_assert!(fault.at.end as usize <= source.len());
        }
    }
}
