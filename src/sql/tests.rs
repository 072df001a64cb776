//! Queries over a small state directory, and what they may not do.

use std::fs;

use super::*;
use crate::mail::Moment;
use crate::tables::{Period, Settings, Tables, pack};

/// Three decisions on two days: two accepted, one held with two contributions and a label.
fn place() -> tempfile::TempDir {
    let state = tempfile::tempdir().expect("a directory");
    fs::create_dir_all(state.path().join("journal")).expect("made");
    let id = |ms: i64| format!("01HF7YAT{:018}", ms % 1_000_000_000);
    let line = |ms: i64, verdict: &str, more: &str| {
        let (id, at) = (id(ms), Moment(ms).rfc3339());
        format!(
            "{{\"id\":\"{id}\",\"at\":\"{at}\",\"verdict\":\"{verdict}\",\"subject\":\"it's, \\\"so\\\"\"{more}}}\n"
        )
    };
    let (first, second) = (1_700_000_000_000, 1_700_100_000_000);
    let held = ",\"score\":2.5,\"base\":-1.0,\"contributions\":{\"reply_to_differs\":3.0,\"links_count\":0.5},\
                \"signals\":{\"links_count\":4.0},\"rules\":{\"matched\":[{\"rule\":\"a rule\"}]}";
    let text = line(first, "accept", "") + &line(first + 1, "hold", held) + &line(second, "accept", "");
    fs::write(state.path().join("journal/journal.jsonl"), text).expect("written");
    let id = id(first + 1);
    let label = format!("{{\"id\":\"{id}\",\"label\":\"attack\",\"at\":\"2023-11-15T00:00:00Z\"}}\n");
    fs::write(state.path().join("labels.jsonl"), label).expect("written");
    pack(state.path(), &Settings::default(), Moment(first + 5), &mut || {}).expect("packed");
    state
}

fn ask(text: &str, limits: &Limits) -> Result<Answer, SqlError> {
    let state = place();
    query(&Tables::open(state.path()).expect("opened"), text, &Period::default(), limits)
}

fn check(text: &str, expected: &str) {
    let answer = ask(text, &Limits::default()).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert_eq!(answer.text(Form::Csv).replace("\r\n", ";"), expected, "{text}");
}

#[test]
fn every_table_can_be_asked() {
    check("select verdict, count(*) n from decisions group by 1 order by 1", "verdict,n;accept,2;hold,1;");
    check("select count(*) n from decisions", "n;3;");
    check("select name, points from contributions order by points", "name,points;links_count,0.5;reply_to_differs,3;");
    check(
        "select links_count, reply_to_differs from signals where links_count is not null",
        "links_count,reply_to_differs;4,;",
    );
    check("select rule from matches", "rule;a rule;");
    check("select label, current from labels", "label,current;attack,1;");
    check("select count(*) n from deliveries", "n;0;");
    check("select date, hour from decisions where date = '2023-11-16'", "date,hour;2023-11-16,02;");
    check("select 1 + 1 as two", "two;2;");
}

#[test]
fn tables_can_be_joined_and_sums_are_exact() {
    check(
        "with s as (select id, sum(points) total from contributions group by id) select count(*) n from decisions d \
         join s on s.id = d.id where d.base + s.total = d.score",
        "n;1;",
    );
    check(
        "select d.verdict, l.label from decisions d left join labels l on l.id = d.id where l.id is not null",
        "verdict,label;hold,attack;",
    );
}

#[test]
fn faults_name_what_was_meant() {
    let fault = |text: &str| ask(text, &Limits::default()).expect_err(text).to_string();
    for (text, expected) in [
        ("select * from decision", "no such table: decision; did you mean decisions?"),
        ("select verdikt from decisions", "line 1, column 8: no such column: verdikt; did you mean verdict of"),
        ("select\n from", "line 2, column 2: near \"from\": syntax error"),
        ("select label from decisions", "no such column: label; did you mean label of labels?"),
        ("select 1; select 2", "one query at a time"),
    ] {
        assert!(fault(text).contains(expected), "{text}: {}", fault(text));
    }
}

#[test]
fn nothing_can_be_written() {
    for text in [
        "delete from decisions",
        "insert into labels (id) values ('x')",
        "create table t (a)",
        "drop table decisions",
        "attach 'x.db' as x",
        "pragma journal_mode = wal",
        "vacuum",
        "begin",
        "select load_extension('x')",
        "",
    ] {
        let fault = ask(text, &Limits::default()).expect_err(text);
        assert!(matches!(fault, SqlError::Writes | SqlError::Query(_)), "{text}: {fault}");
    }
}

#[test]
fn a_query_keeps_to_its_limits() {
    let endless = "with recursive n(i) as (select 1 union all select i + 1 from n) select ";
    let rows = |rows_max: usize| ask("select id from decisions", &Limits { rows_max, ..Limits::default() });
    assert_eq!(rows(3).map(|answer| (answer.rows.len(), answer.is_cut)).expect("answered"), (3, false));
    assert_eq!(rows(2).map(|answer| (answer.rows.len(), answer.is_cut)).expect("answered"), (2, true));
    let short = Limits { seconds_max: 1, ..Limits::default() };
    assert!(matches!(ask(&format!("{endless} count(*) from n"), &short), Err(SqlError::Time)));
    let little = Limits { memory_bytes_max: 4_194_304, ..Limits::default() };
    let hungry = "select length(group_concat(printf('%1000d', i))) from n limit 1";
    let hungry = format!("with recursive n(i) as (select 1 union all select i + 1 from n limit 100000) {hungry}");
    assert!(matches!(ask(&hungry, &little), Err(SqlError::Memory)));
}
