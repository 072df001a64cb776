//! A syntax tree in, text out: what is printed parses to the same tree.

use super::parser::strength;
use super::syntax::{Argument, Kind, Node};

/// The expression in one line, with no more brackets than it needs.
pub fn print(node: &Node) -> String {
    let mut printer = Printer { out: String::new() };
    printer.node(node);
    printer.out
}

struct Printer {
    out: String,
}

/// How strongly the outermost operator of a node binds.
fn power(node: &Node) -> u8 {
    match &node.kind {
        Kind::Or(_) => strength::OR,
        Kind::And(_) => strength::AND,
        Kind::Not(_) => strength::NOT,
        Kind::Compare(..) | Kind::Range(..) | Kind::In { .. } | Kind::IsNull(..) => strength::COMPARISON,
        Kind::Calculate(_, operator, _) => match operator.sign() {
            '+' | '-' => strength::SUM,
            _ => strength::PRODUCT,
        },
        Kind::Negative(_) => strength::SIGN,
        _ => strength::POSTFIX,
    }
}

impl Printer {
    /// A node that must bind at least so strongly, else in brackets.
    fn inner(&mut self, node: &Node, least: u8) {
        if power(node) < least {
            self.out.push('(');
            self.node(node);
            self.out.push(')');
        } else {
            self.node(node);
        }
    }

    fn listed<'a>(&mut self, nodes: impl IntoIterator<Item = &'a Node>) {
        for (place, node) in nodes.into_iter().enumerate() {
            if place > 0 {
                self.out.push_str(", ");
            }
            self.node(node);
        }
    }

    fn joined(&mut self, nodes: &[Node], word: &str, least: u8) {
        for (place, node) in nodes.iter().enumerate() {
            if place > 0 {
                self.out.push_str(word);
            }
            self.inner(node, least);
        }
    }

    fn node(&mut self, node: &Node) {
        match &node.kind {
            Kind::Null => self.out.push_str("null"),
            Kind::Boolean(value) => self.out.push_str(if *value { "true" } else { "false" }),
            Kind::Integer(number) => self.out.push_str(&number.to_string()),
            Kind::Float(number) => self.out.push_str(&format!("{number:?}")),
            Kind::Text { value, raw: true } => self.out.push_str(&format!("'{}'", value.replace('\'', "''"))),
            Kind::Text { value, raw: false } => self.escaped(value),
            Kind::List(name) => self.out.push_str(&format!("${name}")),
            Kind::Name(name) => self.out.push_str(name),
            Kind::Element { up, field } => {
                self.out.push_str(&".".repeat(up + 1));
                self.out.push_str(field.as_deref().unwrap_or_default());
            }
            Kind::Array(nodes) => self.bracketed('[', nodes, ']'),
            Kind::Tuple(nodes) => self.tuple(nodes),
            Kind::Call(name, arguments) => self.call(name, arguments),
            Kind::Member(of, field) => {
                self.inner(of, strength::POSTFIX);
                // A dot behind a lone dot would be read as one run.
                self.out.push_str(if matches!(of.kind, Kind::Element { field: None, .. }) { " ." } else { "." });
                self.out.push_str(field);
            }
            Kind::Index(of, index) => {
                self.inner(of, strength::POSTFIX);
                self.bracketed('[', [index.as_ref()], ']');
            }
            Kind::Slice(of, from, to) => {
                self.inner(of, strength::POSTFIX);
                self.out.push('[');
                self.listed(from.as_deref());
                self.out.push(':');
                self.listed(to.as_deref());
                self.out.push(']');
            }
            _ => self.operation(node),
        }
    }

    fn operation(&mut self, node: &Node) {
        match &node.kind {
            Kind::Or(nodes) => self.joined(nodes, " or ", strength::OR + 1),
            Kind::And(nodes) => self.joined(nodes, " and ", strength::AND + 1),
            Kind::Not(inner) => {
                self.out.push_str("not ");
                self.inner(inner, strength::NOT);
            }
            Kind::Negative(inner) => {
                self.out.push('-');
                self.inner(inner, strength::SIGN);
            }
            Kind::Threshold(number, nodes) => {
                self.out.push_str(&format!("{number} of "));
                self.bracketed('(', nodes, ')');
            }
            Kind::Compare(left, relation, right) => {
                self.inner(left, strength::SUM);
                self.out.push_str(&format!(" {} ", relation.sign()));
                self.inner(right, strength::SUM);
            }
            Kind::Range(nodes, relations) => {
                let [low, middle, high] = nodes.as_ref();
                self.inner(low, strength::SUM);
                self.out.push_str(&format!(" {} ", relations[0].sign()));
                self.inner(middle, strength::SUM);
                self.out.push_str(&format!(" {} ", relations[1].sign()));
                self.inner(high, strength::SUM);
            }
            Kind::In { needle, heap, negated, folded } => {
                self.inner(needle, strength::SUM);
                self.out.push_str(if *negated { " not in" } else { " in" });
                self.out.push_str(if *folded { "~ " } else { " " });
                self.heap(heap);
            }
            Kind::IsNull(inner, negated) => {
                self.inner(inner, strength::SUM);
                self.out.push_str(if *negated { " is not null" } else { " is null" });
            }
            Kind::Calculate(left, operator, right) => {
                let own = power(node);
                self.inner(left, own);
                self.out.push_str(&format!(" {} ", operator.sign()));
                self.inner(right, own + 1);
            }
            _ => {}
        }
    }

    /// The right side of `in`: brackets there make a tuple, so none are put around anything else but to make one.
    fn heap(&mut self, heap: &Node) {
        match &heap.kind {
            Kind::Tuple(nodes) => self.bracketed('(', nodes, ')'),
            _ => self.inner(heap, strength::SUM),
        }
    }

    /// A tuple that does not stand beside `in`: one of one value needs its comma.
    fn tuple(&mut self, nodes: &[Node]) {
        self.out.push('(');
        self.listed(nodes);
        self.out.push_str(if nodes.len() == 1 { ",)" } else { ")" });
    }

    fn bracketed<'a>(&mut self, open: char, nodes: impl IntoIterator<Item = &'a Node>, close: char) {
        self.out.push(open);
        self.listed(nodes);
        self.out.push(close);
    }

    fn call(&mut self, name: &str, arguments: &[Argument]) {
        self.out.push_str(name);
        self.out.push('(');
        for (place, argument) in arguments.iter().enumerate() {
            if place > 0 {
                self.out.push_str(", ");
            }
            if let Some(keyword) = &argument.keyword {
                self.out.push_str(&format!("{keyword}="));
            }
            self.node(&argument.value);
        }
        self.out.push(')');
    }

    fn escaped(&mut self, value: &str) {
        self.out.push('"');
        for letter in value.chars() {
            match letter {
                '"' => self.out.push_str("\\\""),
                '\\' => self.out.push_str("\\\\"),
                '\n' => self.out.push_str("\\n"),
                '\r' => self.out.push_str("\\r"),
                '\t' => self.out.push_str("\\t"),
                control if control.is_control() => self.out.push_str(&format!("\\u{{{:02x}}}", u32::from(control))),
                letter => self.out.push(letter),
            }
        }
        self.out.push('"');
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use nix::time::{ClockId, clock_gettime};

    use super::super::{DEPTH_MAX, parse};
    use super::*;

    /// What is printed of a source, and that it parses to the same.
    fn check(source: &str, expected: &str) {
        let node = parse(source).unwrap_or_else(|fault| panic!("{source}: {fault:?}"));
        let printed = print(&node);
        assert_eq!(printed, expected, "{source}");
        assert_eq!(parse(&printed).expect("what is printed parses"), node, "{source}");
    }

    #[test]
    fn operators_bind_as_they_should() {
        check("a or b and not c == d", "a or b and not c == d");
        check("(a or b) and (not (c)) == d", "(a or b) and (not c) == d");
        check("not x in (1,)", "not x in (1)");
        check("a - (b - c) * -d", "a - (b - c) * -d");
        check("(a or b) or c", "(a or b) or c");
        check("0 < length(x) <= 3", "0 < length(x) <= 3");
        check("2 of (a, b, c,)", "2 of (a, b, c)");
        check("x is not null and y not in~ $l", "x is not null and y not in~ $l");
        check("(a == b) == c", "(a == b) == c");
    }

    #[test]
    fn scopes_and_calls_are_kept() {
        check("any(a.b, . in x or ..c == .d)", "any(a.b, . in x or ..c == .d)");
        check("a[b - 1][:3].c[\"k\"]", "a[b - 1][:3].c[\"k\"]");
        check("f.g(x, mode='a', e=[1, 2.5],)", "f.g(x, mode='a', e=[1, 2.5])");
        check("map(a, .)[0].in", "map(a, .)[0].in");
        check("any(a, . .b)", "any(a, . .b)");
        check("x in (a)", "x in (a)");
        check("f((a, b), (c,), (d))", "f((a, b), (c,), d)");
    }

    #[test]
    fn texts_are_printed_as_they_were_quoted() {
        check("'it''s \\d'", "'it''s \\d'");
        check("\"\\u{07}\\n\\\"\"", "\"\\u{07}\\n\\\"\"");
    }

    #[test]
    fn what_is_no_expression_is_a_fault() {
        for (source, at) in [
            ("", 0),
            ("a b", 2),
            ("a == b == c", 7),
            ("a = b", 2),
            ("a and", 5),
            ("(a", 2),
            ("f(a=1, b)", 7),
            ("4 of (a, b)", 0),
            ("0 of (a)", 0),
            ("a is b", 5),
            ("1 + not a", 4),
            ("a > b > c", 6),
            ("x in a in b", 7),
            ("'a'(b)", 3),
            ("()", 1),
            ("a.", 2),
            ("and", 0),
        ] {
            assert_eq!(parse(source).expect_err(source).at.start, at, "{source}");
        }
    }

    #[test]
    fn depth_has_a_limit() {
        let inside = |open: &str, close: &str, times: usize| {
            parse(&format!("{}a{}", open.repeat(times), close.repeat(times))).is_ok()
        };
        for (open, close) in [("(", ")"), ("not ", ""), ("-", ""), ("f(", ")"), ("[", "]"), ("", ".b"), ("", " + b")] {
            assert!(inside(open, close, DEPTH_MAX - 2), "{open}{close}");
            assert!(!inside(open, close, DEPTH_MAX + 1), "{open}{close}");
        }
        let both = format!("{}a{}", "(".repeat(100), " + b + b)".repeat(100));
        assert!(parse(&both).is_err());
    }

    /// That of this thread: what else the machine does is no fault of the parser.
    fn processor_time() -> Duration {
        clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).expect("every system has this clock").into()
    }

    #[test]
    fn a_long_source_takes_little_time_and_stack() {
        for part in
            ["(", "not ", "a.", "1+", "f(", "a or ", "[", "-", ".", "1 of (", "x in (", "{", "'", "\"", "a[", "a<"]
        {
            let source = part.repeat(240_000 / part.len());
            let began = processor_time();
            let _ = parse(&source);
            let took = processor_time() - began;
            assert!(took.as_millis() < 1_000, "{part}: {took:?}");
        }
        let wide = format!("x in ({})", "'192.0.2.0/24', ".repeat(15_000));
        assert_eq!(parse(&wide).expect("sound").kind.children().len(), 2);
    }
}
