//! An additive model as plain values: a table of points for each input, and the base they are added to.

use std::collections::HashSet;
use std::fmt;

/// The grain of all points: 2⁻¹⁰. A sum of such multiples is exact in `f32` while it stays below 2¹³.
pub const STEP: f32 = 1.0 / 1024.0;

/// The most that one input, or the base, may weigh, in log-odds: odds of 3,000 to 1 are beyond what any single fact of
/// a message can prove, and with [`INPUTS_MAX`] no sum can leave the range in which `f32` adds without rounding.
pub const POINTS_MAX: f32 = 8.0;

/// The most inputs: eight points each and the base stay below 2¹³. The registry holds about a tenth of this.
pub const INPUTS_MAX: usize = 1000;

/// The most edges of one input: more than training makes (31), few enough that a graph stays small.
pub const EDGES_MAX: usize = 255;

/// What one input adds, by the bin its value falls into.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Name of the input.
    pub input: String,
    /// Ascending, finite. A value lies in bin *k* when it reaches *k* of them (value ≥ edge).
    pub edges: Vec<f32>,
    /// Points of each bin, one more than there are edges; multiples of [`STEP`].
    pub points: Vec<f32>,
    /// Points where the input is missing.
    pub missing: f32,
}

/// A base, and tables whose points are added to it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Additive {
    /// The score before anything is known, in log-odds; a multiple of [`STEP`].
    pub base: f32,
    /// One table an input, in the order in which the model takes them.
    pub tables: Vec<Table>,
}

/// Why tables cannot be written or run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TableError {
    /// There is no input, or more than [`INPUTS_MAX`]; how many there are.
    Inputs(usize),
    /// Two tables have this input's name.
    Twice(String),
    /// Edges of this input are too many, not finite or not ascending.
    Edges(String),
    /// This input (or `base`) has points that are no multiple of [`STEP`], too large, or not one more than its edges.
    Points(String),
}

impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inputs(count) => write!(f, "{count} inputs: a model takes 1 to {INPUTS_MAX}"),
            Self::Twice(input) => write!(f, "input {input} has two tables: remove one"),
            Self::Edges(input) => {
                write!(f, "edges of {input} must ascend, be finite, and be no more than {EDGES_MAX}")
            }
            Self::Points(input) => {
                write!(f, "points of {input} must be multiples of 1/1024 within ±{POINTS_MAX}, one more than its edges")
            }
        }
    }
}

impl std::error::Error for TableError {}

/// The nearest multiple of [`STEP`] within ±[`POINTS_MAX`]; what is not a number becomes 0.
pub fn quantised(points: f64) -> f32 {
    if points.is_nan() {
        return 0.0;
    }
    let steps = (points * f64::from(1.0 / STEP)).round();
    let most = f64::from(POINTS_MAX / STEP);
    // Adding zero turns −0 into 0, so that equal models have equal bytes.
    (steps.clamp(-most, most) as f32) * STEP + 0.0
}

/// Whether points may stand in a table.
pub(super) fn is_exact(points: f32) -> bool {
    points.abs() <= POINTS_MAX && (points / STEP).fract() == 0.0
}

impl Table {
    /// What a value adds. `None` and values that are not finite are missing.
    pub fn points_of(&self, value: Option<f32>) -> f32 {
        match value {
            Some(v) if v.is_finite() => self.points[self.edges.partition_point(|edge| *edge <= v)],
            _ => self.missing,
        }
    }

    /// The least it can add.
    pub fn lowest(&self) -> f32 {
        self.points.iter().copied().fold(self.missing, f32::min)
    }

    /// The most it can add.
    pub fn highest(&self) -> f32 {
        self.points.iter().copied().fold(self.missing, f32::max)
    }

    fn check(&self) -> Result<(), TableError> {
        let ascend = self.edges.windows(2).all(|pair| pair[0] < pair[1]);
        if !ascend || self.edges.len() > EDGES_MAX || self.edges.iter().any(|edge| !edge.is_finite()) {
            return Err(TableError::Edges(self.input.clone()));
        }
        if self.points.len() != self.edges.len() + 1 || !self.points.iter().chain([&self.missing]).all(|p| is_exact(*p))
        {
            return Err(TableError::Points(self.input.clone()));
        }
        Ok(())
    }
}

impl Additive {
    /// Checks what a graph needs: names that differ, edges that ascend, points that add up without rounding.
    pub fn check(&self) -> Result<(), TableError> {
        if !(1..=INPUTS_MAX).contains(&self.tables.len()) {
            return Err(TableError::Inputs(self.tables.len()));
        }
        let mut seen = HashSet::new();
        for table in &self.tables {
            if !seen.insert(table.input.as_str()) {
                return Err(TableError::Twice(table.input.clone()));
            }
            table.check()?;
        }
        if is_exact(self.base) { Ok(()) } else { Err(TableError::Points("base".into())) }
    }

    /// The score of values that stand in the order of the tables.
    pub fn points_of(&self, values: impl IntoIterator<Item = Option<f32>>) -> f32 {
        self.tables.iter().zip(values).fold(self.base, |sum, (table, value)| sum + table.points_of(value))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(crate) fn table(input: &str, edges: &[f32], points: &[f32], missing: f32) -> Table {
        Table { input: input.into(), edges: edges.to_vec(), points: points.to_vec(), missing }
    }

    #[track_caller]
    fn check(tables: Vec<Table>, expected: Result<(), TableError>) {
        assert_eq!(Additive { base: 0.0, tables }.check(), expected);
    }

    #[test]
    fn a_value_reaches_an_edge_that_it_equals() {
        let t = table("links", &[1.0, 3.0], &[-0.5, 0.25, 2.0], -0.125);
        let cases = [
            (Some(0.99), -0.5),
            (Some(1.0), 0.25),
            (Some(2.9), 0.25),
            (Some(3.0), 2.0),
            (Some(f32::MIN), -0.5),
            (Some(f32::MAX), 2.0),
            (Some(-0.0), -0.5),
            (None, -0.125),
            (Some(f32::NAN), -0.125),
            (Some(f32::INFINITY), -0.125),
        ];
        for (value, points) in cases {
            assert_eq!(t.points_of(value), points, "{value:?}");
        }
        assert_eq!((t.lowest(), t.highest()), (-0.5, 2.0));
    }

    #[test]
    fn points_are_multiples_of_the_step() {
        for (points, expected) in [(0.5 / 1024.0, STEP), (-1.0, -1.0), (9.0, 8.0), (-9.0, -8.0), (f64::NAN, 0.0)] {
            assert_eq!(quantised(points), expected);
        }
        assert!(quantised(-0.0001).is_sign_positive(), "a zero has no sign");
    }

    #[test]
    fn edges_must_ascend_and_be_finite() {
        check(vec![table("a", &[1.0, 2.0], &[0.0, 0.0, 0.0], 0.0)], Ok(()));
        for edges in [&[1.0, 1.0], &[2.0, 1.0], &[1.0, f32::INFINITY], &[f32::NAN, 1.0]] {
            check(vec![table("a", edges, &[0.0, 0.0, 0.0], 0.0)], Err(TableError::Edges("a".into())));
        }
    }

    #[test]
    fn edges_have_a_limit() {
        let with = |count: usize| {
            let edges: Vec<f32> = (0..count).map(|k| k as f32).collect();
            vec![table("a", &edges, &vec![0.0; count + 1], 0.0)]
        };
        check(with(EDGES_MAX), Ok(()));
        check(with(EDGES_MAX + 1), Err(TableError::Edges("a".into())));
    }

    #[test]
    fn inputs_have_a_limit() {
        let with = |count: usize| (0..count).map(|k| table(&format!("i{k}"), &[], &[0.0], 0.0)).collect::<Vec<_>>();
        check(with(0), Err(TableError::Inputs(0)));
        check(with(INPUTS_MAX), Ok(()));
        check(with(INPUTS_MAX + 1), Err(TableError::Inputs(INPUTS_MAX + 1)));
    }

    #[test]
    fn points_have_a_grain_and_a_limit() {
        check(vec![table("a", &[], &[POINTS_MAX], -POINTS_MAX)], Ok(()));
        for points in [POINTS_MAX + STEP, STEP / 2.0, f32::NAN, f32::INFINITY] {
            check(vec![table("a", &[], &[points], 0.0)], Err(TableError::Points("a".into())));
            check(vec![table("a", &[], &[0.0], points)], Err(TableError::Points("a".into())));
        }
        check(vec![table("a", &[], &[0.0, 0.0], 0.0)], Err(TableError::Points("a".into())));
    }

    #[test]
    fn an_input_has_one_table() {
        let t = table("a", &[], &[0.0], 0.0);
        check(vec![t.clone(), t], Err(TableError::Twice("a".into())));
    }

    #[test]
    fn the_score_is_the_base_and_the_points() {
        let tables = vec![table("a", &[1.0], &[-1.0, 1.0], 0.0), table("b", &[], &[0.5], -0.5)];
        let model = Additive { base: -2.0, tables };
        assert_eq!(model.points_of([Some(1.0), None]), -1.5);
        assert_eq!(model.points_of([None, Some(7.0)]), -1.5);
    }
}
