//! An answer as text: a table for people, CSV and JSON for programs.

use std::fmt::Write;

use serde_json::{Map, Number};

use super::run::{Answer, Value};

/// Characters of a value in a table for people; the other forms give all.
const CELL_CHARS_MAX: usize = 60;

/// How an answer is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// Columns beside each other.
    #[default]
    Table,
    /// RFC 4180, with a line of names.
    Csv,
    /// One JSON object a row and line.
    Json,
}

impl Answer {
    /// The answer as text, each row ended by a line end.
    pub fn text(&self, form: Form) -> String {
        match form {
            Form::Table => self.table(),
            Form::Csv => self.csv(),
            Form::Json => self.json(),
        }
    }

    fn table(&self) -> String {
        let names = self.columns.iter().map(|name| shown(name)).collect();
        let shown: Vec<Vec<String>> =
            self.rows.iter().map(|row| row.iter().map(|value| shown(&plain(value, true))).collect()).collect();
        let lines: Vec<&Vec<String>> = std::iter::once(&names).chain(&shown).collect();
        let is_number = |at: usize| {
            let mut values = self.rows.iter().map(|row| &row[at]).filter(|value| **value != Value::Null).peekable();
            values.peek().is_some() && values.all(|value| value.number().is_some())
        };
        let columns: Vec<(usize, bool)> = (0..self.columns.len())
            .map(|at| (lines.iter().map(|line| line[at].chars().count()).max().unwrap_or(0), is_number(at)))
            .collect();
        let mut text = String::new();
        for (number, line) in lines.iter().enumerate() {
            let cells = line.iter().zip(&columns).map(|(cell, (width, is_number))| {
                if *is_number { format!("{cell:>width$}") } else { format!("{cell:<width$}") }
            });
            text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
            text.push('\n');
            if number == 0 {
                let rules: Vec<_> = columns.iter().map(|(width, _)| "-".repeat(*width)).collect();
                text.push_str(&rules.join("  "));
                text.push('\n');
            }
        }
        text
    }

    fn csv(&self) -> String {
        let field = |text: &str| {
            let is_plain = !text.contains(['"', ',', '\n', '\r']);
            if is_plain { text.to_owned() } else { format!("\"{}\"", text.replace('"', "\"\"")) }
        };
        let mut text = self.columns.iter().map(|name| field(name)).collect::<Vec<_>>().join(",") + "\r\n";
        for row in &self.rows {
            text.push_str(&row.iter().map(|value| field(&plain(value, false))).collect::<Vec<_>>().join(","));
            text.push_str("\r\n");
        }
        text
    }

    fn json(&self) -> String {
        let mut text = String::new();
        for row in &self.rows {
            let object: Map<_, _> = self.columns.iter().cloned().zip(row.iter().map(json)).collect();
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{}", serde_json::Value::Object(object));
        }
        text
    }
}

/// A value as JSON; what is no number of JSON's is null.
fn json(value: &Value) -> serde_json::Value {
    match value {
        Value::Null => serde_json::Value::Null,
        Value::Int(number) => (*number).into(),
        Value::Real(number) => Number::from_f64(*number).map_or(serde_json::Value::Null, Into::into),
        Value::Text(text) => text.as_str().into(),
    }
}

fn plain(value: &Value, is_rounded: bool) -> String {
    match value {
        Value::Null => String::new(),
        Value::Int(number) => number.to_string(),
        // Six digits are as many as a person compares, and as many as single precision holds for certain.
        Value::Real(number) if is_rounded => {
            let text = format!("{number:.6}");
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
        Value::Real(number) => number.to_string(),
        Value::Text(text) => text.clone(),
    }
}

/// A text that stays in its line and column, whatever a sender wrote into it.
fn shown(text: &str) -> String {
    let mut shown: String = text.chars().take(CELL_CHARS_MAX).map(|c| if c.is_control() { '?' } else { c }).collect();
    if text.chars().nth(CELL_CHARS_MAX).is_some() {
        shown.pop();
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer() -> Answer {
        let row =
            |verdict: &str, count: i64, share: Value| vec![Value::Text(verdict.to_owned()), Value::Int(count), share];
        Answer {
            columns: ["verdict", "n", "share"].map(str::to_owned).to_vec(),
            rows: vec![row("accept", 12, Value::Real(0.75)), row("a,\"b\"\n", 3, Value::Null)],
            is_cut: false,
        }
    }

    #[test]
    fn tables_stand_in_columns() {
        let expected = "verdict   n  share\n-------  --  -----\naccept   12   0.75\na,\"b\"?    3\n";
        assert_eq!(answer().text(Form::Table), expected);
    }

    #[test]
    fn csv_is_quoted_where_it_must_be() {
        assert_eq!(answer().text(Form::Csv), "verdict,n,share\r\naccept,12,0.75\r\n\"a,\"\"b\"\"\n\",3,\r\n");
    }

    #[test]
    fn json_has_one_object_a_line() {
        let expected = "{\"verdict\":\"accept\",\"n\":12,\"share\":0.75}\n{\"verdict\":\"a,\\\"b\\\"\\n\",\"n\":3,\"share\":null}\n";
        assert_eq!(answer().text(Form::Json), expected);
    }

    #[test]
    fn long_values_are_cut_in_tables_only() {
        for (chars, expected) in [(CELL_CHARS_MAX, CELL_CHARS_MAX), (CELL_CHARS_MAX + 1, CELL_CHARS_MAX)] {
            assert_eq!(shown(&"ä".repeat(chars)).chars().count(), expected);
        }
    }
}
