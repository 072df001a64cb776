//! What is written runs, and gives what a naive evaluation of the tables gives, bit for bit.

use std::sync::Arc;
use std::thread;

use kith::model::{Additive, Card, InferError, Model, STEP, Table, write};
use proptest::prelude::*;

/// The names of a registry that knows the model's inputs in another order, and other signals too.
fn registry(additive: &Additive) -> Vec<&str> {
    let names = additive.tables.iter().rev().map(|table| table.input.as_str());
    ["unused"].into_iter().chain(names).collect()
}

fn loaded(additive: &Additive) -> Model {
    let files = write(additive, &Card::default()).expect("the tables fit");
    Model::load(&files.onnx, &files.manifest, &registry(additive)).expect("what is written loads")
}

fn table(input: &str, edges: &[f32], points: &[f32], missing: f32) -> Table {
    Table { input: input.into(), edges: edges.to_vec(), points: points.to_vec(), missing }
}

/// `values` in the order of the tables.
#[track_caller]
fn check(model: &Model, additive: &Additive, values: &[Option<f32>]) {
    let in_registry: Vec<Option<f32>> = [Some(9.9)].into_iter().chain(values.iter().rev().copied()).collect();
    let score = model.infer(&in_registry).expect("the graph runs");
    assert_eq!(score.points, additive.points_of(values.iter().copied()), "{values:?}");
    assert_eq!(score.base, additive.base);
    assert_eq!(score.digest, model.digest());
    let sum = score.contributions.iter().rev().fold(score.base, |sum, part| sum + part.points);
    assert_eq!(sum, score.points, "the parts add up in any order");
    for ((part, table), value) in score.contributions.iter().zip(&additive.tables).zip(values) {
        let expected = (table.input.as_str(), value.filter(|v| v.is_finite()), table.points_of(*value));
        assert_eq!((part.input.as_str(), part.value, part.points), expected);
    }
}

fn points() -> impl Strategy<Value = f32> {
    (-8192..=8192_i16).prop_map(|steps| f32::from(steps) * STEP)
}

fn tables() -> impl Strategy<Value = Table> {
    let edges = prop_oneof![
        prop::collection::btree_set(-40..40_i32, 0..40).prop_map(|set| set.into_iter().map(|e| e as f32).collect()),
        prop::collection::vec(prop::num::f32::NORMAL | prop::num::f32::SUBNORMAL | prop::num::f32::ZERO, 0..8)
            .prop_map(|mut edges| {
                edges.sort_by(f32::total_cmp);
                edges.dedup();
                edges
            }),
    ];
    edges.prop_flat_map(|edges: Vec<f32>| {
        let count = edges.len() + 1;
        (Just(edges), prop::collection::vec(points(), count), points())
            .prop_map(|(edges, points, missing)| table("", &edges, &points, missing))
    })
}

fn values() -> impl Strategy<Value = Option<f32>> {
    prop_oneof![Just(None), (-41..41_i32).prop_map(|v| Some(v as f32)), prop::num::f32::ANY.prop_map(Some)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn the_graph_gives_what_the_tables_say(
        base in points(),
        tables in prop::collection::vec(tables(), 1..12),
        rows in prop::collection::vec(prop::collection::vec(values(), 12), 1..12),
    ) {
        let named = tables.into_iter().enumerate().map(|(k, table)| Table { input: format!("input_{k}"), ..table });
        let additive = Additive { base, tables: named.collect() };
        let model = loaded(&additive);
        for row in rows {
            check(&model, &additive, &row[..additive.tables.len()]);
        }
    }
}

fn sample() -> Additive {
    let tables = vec![
        table("link_count", &[1.0, 3.0], &[-0.5, 0.25, 2.0], -0.125),
        table("reply_to_differs", &[0.5], &[-0.0625, 1.5], 0.0),
    ];
    Additive { base: -1.0, tables }
}

#[test]
fn missing_is_not_zero() {
    let (additive, values) = (sample(), [None, Some(0.0), Some(f32::NAN), Some(f32::INFINITY), Some(-f32::INFINITY)]);
    let model = loaded(&additive);
    for a in values {
        for b in values {
            check(&model, &additive, &[a, b]);
        }
    }
    let score = |value| model.infer(&[None, None, value]).unwrap().points;
    assert_eq!((score(None), score(Some(0.0))), (-1.125, -1.5));
}

#[test]
fn edges_belong_to_the_bin_above() {
    let (additive, edge) = (sample(), 3.0_f32);
    let model = loaded(&additive);
    for value in [edge.next_down(), edge, edge.next_up(), f32::MIN, f32::MAX, -0.0, f32::MIN_POSITIVE] {
        check(&model, &additive, &[Some(value), Some(value)]);
    }
}

#[test]
fn the_largest_model_still_adds_up() {
    let edges: Vec<f32> = (0..255).map(|k| k as f32).collect();
    let heavy = |k: usize| table(&format!("i{k}"), &edges, &vec![8.0 - STEP * (k % 2) as f32; 256], -8.0);
    let additive = Additive { base: 8.0, tables: (0..1000).map(heavy).collect() };
    let model = loaded(&additive);
    check(&model, &additive, &vec![Some(1.0); 1000]);
    check(&model, &additive, &vec![None; 1000]);
}

#[test]
fn too_few_values_are_an_error() {
    let model = loaded(&sample());
    assert_eq!(model.infer(&[None, None]), Err(InferError::TooFewValues { have: 2, need: 3 }));
    assert!(model.infer(&[None; 3]).is_ok());
    assert!(model.infer(&[None; 4]).is_ok(), "a registry may have grown at its end");
}

#[test]
fn ranges_tell_how_far_each_fact_could_move_a_score() {
    let model = loaded(&sample());
    let ranges: Vec<_> = model.ranges().collect();
    assert_eq!(ranges, [("link_count", -0.5, 2.0), ("reply_to_differs", -0.0625, 1.5)]);
}

#[test]
fn many_threads_share_a_model() {
    let additive = sample();
    let model = Arc::new(loaded(&additive));
    let run = |seed: usize| {
        let (model, additive) = (Arc::clone(&model), additive.clone());
        thread::spawn(move || {
            for k in 0..200 {
                check(&model, &additive, &[Some((seed + k) as f32 % 5.0), None]);
            }
        })
    };
    let threads: Vec<_> = (0..4).map(run).collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
}
