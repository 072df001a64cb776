//! Loops over long lists in which nothing is asked but whether an entry stands in a text.

use std::sync::Arc;

use crate::rules::evaluate::Code;
use crate::rules::lists::Lists;

/// Puts `any($list, strings.contains(text, .))` as one question, which a list answers for all of its entries at once.
pub(super) fn gather(code: &mut Code, lists: &Lists) {
    for part in code.parts_mut() {
        gather(part, lists);
    }
    if let Some((text, list, folded)) = asked(code) {
        // Built now: a long list takes as long as many messages.
        lists.stands(&list, "", folded);
        *code = Code::Stands { text: Box::new(text), list, folded };
    }
}

/// The text, the list and whether case is ignored, where that is all that is asked.
fn asked(code: &Code) -> Option<(Code, Arc<str>, bool)> {
    let Code::Call(any, arguments) = code else { return None };
    let [Code::List(list), Code::Call(contains, inner)] = arguments.placed.as_slice() else { return None };
    let folded = match contains.name {
        "strings.icontains" => true,
        "strings.contains" => false,
        _ => return None,
    };
    let [text, Code::Element(0)] = inner.placed.as_slice() else { return None };
    if any.name != "any" || !inner.named.is_empty() {
        return None;
    }
    let mut text = text.clone();
    // Nothing stands between the text and the loops around any more: each is one nearer.
    nearer(&mut text, 0).then(|| (text, list.clone(), folded))
}

/// Takes one loop away from around a part; `false` where it asks for that loop's element.
fn nearer(code: &mut Code, depth: usize) -> bool {
    if let Code::Element(up) = code {
        return match (*up).cmp(&depth) {
            std::cmp::Ordering::Less => true,
            std::cmp::Ordering::Equal => false,
            std::cmp::Ordering::Greater => {
                *up -= 1;
                true
            }
        };
    }
    let inner: Vec<bool> = code.parts().iter().map(|(_, is_of_elements)| *is_of_elements).collect();
    code.parts_mut().into_iter().zip(inner).all(|(part, inner)| nearer(part, depth + usize::from(inner)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::check::check;
    use crate::rules::language::parse;

    fn gathered(source: &str) -> Code {
        let mut code = check(&parse(source).expect("sound"), None).expect("typed").code;
        gather(&mut code, &Lists::default());
        code
    }

    #[test]
    fn a_loop_that_only_seeks_its_entries_is_one_question() {
        let Code::Stands { list, folded, .. } = gathered("any($url_shorteners, strings.icontains(subject.subject, .))")
        else {
            panic!("one question")
        };
        assert_eq!((list.as_ref(), folded), ("url_shorteners", true));
        let Code::Call(_, arguments) =
            gathered("any(body.links, any($url_shorteners, strings.contains(..display_text, .)))")
        else {
            panic!("a loop")
        };
        let [_, Code::Stands { text, .. }] = arguments.placed.as_slice() else { panic!("one question") };
        assert!(matches!(text.as_ref(), Code::Field(of, _) if matches!(of.as_ref(), Code::Element(0))));
    }

    #[test]
    fn other_loops_stay() {
        for source in [
            "any($url_shorteners, strings.icontains(., 'a'))",
            "any($url_shorteners, strings.icontains(., .))",
            "all($url_shorteners, strings.icontains(subject.subject, .))",
            "any($url_shorteners, strings.icontains(subject.subject, ., 'b'))",
        ] {
            assert!(matches!(gathered(source), Code::Call(..)), "{source}");
        }
    }
}
