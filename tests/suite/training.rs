//! Fitting as arithmetic: what made the examples is found again, what must hold holds.

use kith::mail::Moment;
use kith::model::{Model, write};
use kith::signals::Risk;
use kith::training::{Examples, FitError, FitSettings, Fitted, Input, Label, fit};

/// A small generator of numbers that look random: 0 to 1, the same each time.
struct Dice(u64);

impl Dice {
    fn throw(&mut self) -> f64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) as f64 / 18_446_744_073_709_551_616.0
    }

    fn is(&mut self, chance: f64) -> bool {
        self.throw() < chance
    }
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// `step` has an effect of 2 from 1 upwards, `slope` one of −1 to 1, `maybe` is missing in a third and has an effect of
/// 1.5 where it is yes, `noise` has none.
fn truth(step: f64, slope: f64, maybe: Option<f64>) -> f64 {
    -1.5 + if step >= 1.0 { 2.0 } else { 0.0 } + (2.0 * slope - 1.0) + maybe.map_or(0.0, |yes| 1.5 * yes)
}

fn examples(count: usize) -> Examples {
    let inputs = [("step", Risk::Rises), ("slope", Risk::Rises), ("maybe", Risk::Rises), ("noise", Risk::Either)];
    let mut examples = Examples::new(inputs.map(|(name, risk)| Input::new(name, risk)));
    let sources = ["one", "two"].map(|name| examples.source(name));
    let mut dice = Dice(1);
    for k in 0..count {
        let step = f64::from(u8::from(dice.is(0.3))) + f64::from(u8::from(dice.is(0.1)));
        let slope = dice.throw();
        let maybe = (!dice.is(0.33)).then(|| f64::from(u8::from(dice.is(0.2))));
        let attack = dice.is(sigmoid(truth(step, slope, maybe)));
        let values = [Some(step as f32), Some(slope as f32), maybe.map(|v| v as f32), Some(dice.throw() as f32)];
        let label = Label { attack, weight: 1.0, at: Moment::from_secs(k as i64), campaign: 0, source: sources[k % 2] };
        examples.push(&values, label).expect("the row fits");
    }
    examples
}

fn fitted(count: usize) -> Fitted {
    fit(&examples(count), &FitSettings::default()).expect("there is something to learn")
}

fn points(fitted: &Fitted, input: &str, value: Option<f32>) -> f32 {
    fitted.additive.tables.iter().find(|table| table.input == input).map_or(0.0, |table| table.points_of(value))
}

#[test]
fn the_effects_that_made_the_examples_are_found() {
    let fitted = fitted(20_000);
    let of = |input, value| points(&fitted, input, Some(value));
    let near = |got: f32, expected: f32| assert!((got - expected).abs() < 0.3, "{got}, expected {expected}");
    near(of("step", 1.0) - of("step", 0.0), 2.0);
    near(of("step", 2.0) - of("step", 1.0), 0.0);
    near(of("slope", 0.9) - of("slope", 0.1), 1.6);
    near(of("maybe", 1.0) - of("maybe", 0.0), 1.5);
    near(of("noise", 0.9) - of("noise", 0.1), 0.0);
    assert_eq!(of("step", 0.0), 0.0, "what is ordinary is no reason");
    assert!(fitted.figures.area.unwrap() > 0.75, "{:?}", fitted.figures.area);
}

#[test]
fn scores_mean_what_they_say() {
    let figures = fitted(20_000).figures;
    assert!(figures.calibration_error < 0.03, "{}", figures.calibration_error);
}

#[test]
fn the_share_of_attacks_moves_the_base_alone() {
    let examples = examples(6_000);
    let with = |attack_share| fit(&examples, &FitSettings { attack_share, ..FitSettings::default() }).unwrap().additive;
    let (rare, frequent) = (with(0.01), with(0.3));
    let moved = f64::from(frequent.base - rare.base);
    let expected = (0.3_f64 / 0.7).ln() - (0.01_f64 / 0.99).ln();
    assert!((moved - expected).abs() < 0.5, "{moved}, expected {expected}");
}

#[test]
fn tables_never_run_against_the_meaning_of_a_signal() {
    for table in fitted(3_000).additive.tables {
        if table.input != "noise" {
            assert!(table.points.is_sorted(), "{table:?}");
        }
        assert!(table.missing <= 0.0, "{table:?}");
    }
}

#[test]
fn the_same_examples_give_the_same_bytes() {
    let files = || {
        let fitted = fitted(2_000);
        write(&fitted.additive, &fitted.card("sample", "1", "2026-01-01", "made up")).unwrap()
    };
    assert_eq!(files(), files());
}

#[test]
fn a_fitted_model_loads_and_scores_as_it_was_judged() {
    let (examples, fitted) = (examples(2_000), fitted(2_000));
    let files = write(&fitted.additive, &fitted.card("sample", "1", "2026-01-01", "made up")).unwrap();
    let names: Vec<&str> = examples.inputs().iter().map(|input| input.name.as_str()).collect();
    let model = Model::load(&files.onnx, &files.manifest, &names).unwrap();
    let judged = examples.scores(&fitted.additive, &fitted.slices.trial);
    for (row, judged) in fitted.slices.trial.iter().zip(judged) {
        let value = |input: usize| Some(examples.column(input)[*row as usize]).filter(|value| !value.is_nan());
        let values: Vec<_> = (0..names.len()).map(value).collect();
        assert_eq!(model.infer(&values).unwrap().points, judged);
    }
    let card = &model.manifest().card;
    assert_eq!(card.trained_on.sources.len(), 2);
    assert_eq!(card.trained_on.from, "1970-01-01T00:00:00Z");
    assert!(card.figures["area_under_roc"] > 0.6);
}

#[test]
fn an_input_may_be_left_out() {
    let settings = FitSettings { leave_out: vec!["step".into()], ..FitSettings::default() };
    let fitted = fit(&examples(2_000), &settings).unwrap();
    assert!(fitted.additive.tables.iter().all(|table| table.input != "step"));
    let settings = FitSettings { leave_out: vec!["stop".into()], ..FitSettings::default() };
    assert_eq!(fit(&examples(2_000), &settings).unwrap_err(), FitError::UnknownInput("stop".into()));
}

#[test]
fn too_few_messages_make_no_model() {
    let labels = |attacks: i64| {
        let mut examples = Examples::new([Input::new("a", Risk::Either)]);
        let source = examples.source("one");
        for k in 0..200 + attacks {
            let label = Label { attack: k >= 200, weight: 1.0, at: Moment::from_secs(k), campaign: 0, source };
            examples.push(&[Some(f32::from(u8::from(k >= 200)))], label).unwrap();
        }
        fit(&examples, &FitSettings::default()).map(|_| ())
    };
    assert_eq!(labels(100), Ok(()));
    let expected = FitError::TooFew { slice: "tune", attack: true, have: 19, need: 20 };
    assert_eq!(labels(95), Err(expected));
    assert_eq!(
        fit(&Examples::default(), &FitSettings::default()).map(|_| ()).unwrap_err(),
        FitError::TooFew { slice: "fit", attack: false, have: 0, need: 20 }
    );
}

#[test]
fn where_nothing_tells_there_is_no_model() {
    let mut examples = Examples::new([Input::new("a", Risk::Either)]);
    let source = examples.source("one");
    for k in 0..400 {
        let label = Label { attack: k % 2 == 0, weight: 1.0, at: Moment::from_secs(k), campaign: 0, source };
        examples.push(&[Some(1.0)], label).unwrap();
    }
    assert_eq!(fit(&examples, &FitSettings::default()).map(|_| ()), Err(FitError::NothingLearned));
    let settings = FitSettings { attack_share: 1.0, ..FitSettings::default() };
    assert!(matches!(fit(&examples, &settings), Err(FitError::Settings(_))));
}
