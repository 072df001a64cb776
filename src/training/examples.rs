//! Labelled messages as training sees them: a column of values for each input, and a label for each row.

use std::fmt;
use std::io::{self, Write};

use crate::mail::Moment;
use crate::model::Additive;
use crate::signals::{Risk, Signal};

/// The most rows: 4 million × 120 inputs take 2 GB, as much as a machine that trains should give.
pub const EXAMPLES_MAX: usize = 4_000_000;

/// What is known of a labelled message beside its values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Label {
    /// Whether it is an attack.
    pub attack: bool,
    /// How much it counts, 1 for an ordinary label; less where the label is doubtful.
    pub weight: f32,
    /// When it came.
    pub at: Moment,
    /// Messages that are near-duplicates of each other have the same number; 0 is a campaign of its own.
    pub campaign: u64,
    /// Which source it is from, see [`Examples::source`].
    pub source: u16,
}

/// What a model may learn of: a name, and what is known of its meaning.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// The signal's name.
    pub name: String,
    /// How it may speak.
    pub risk: Risk,
    /// What a value of 1 or more adds where labelled mail does not show it, in log-odds.
    pub prior: f32,
    /// Whether an attacker can make it what he likes, so that it must not excuse much.
    pub is_written: bool,
}

impl Input {
    /// An input of which nothing is thought beforehand.
    pub fn new(name: impl Into<String>, risk: Risk) -> Self {
        Self { name: name.into(), risk, prior: 0.0, is_written: false }
    }
}

impl From<&Signal> for Input {
    fn from(signal: &Signal) -> Self {
        Self { prior: signal.prior, is_written: signal.level.is_written(), ..Self::new(signal.name, signal.risk) }
    }
}

/// Labelled messages.
#[derive(Clone, Debug, Default)]
pub struct Examples {
    inputs: Vec<Input>,
    sources: Vec<String>,
    /// One an input; not-a-number where missing.
    columns: Vec<Vec<f32>>,
    labels: Vec<Label>,
}

/// Why a row was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It has another number of values than there are inputs.
    Values {
        /// Values of the row.
        have: usize,
        /// Inputs.
        need: usize,
    },
    /// Its source was never named.
    Source(u16),
    /// Its weight is negative or no number.
    Weight,
    /// There are [`EXAMPLES_MAX`] rows already.
    Full,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Values { have, need } => write!(f, "an example has {have} values where there are {need} inputs"),
            Self::Source(source) => write!(f, "an example is from source {source}, which has no name"),
            Self::Weight => f.write_str("an example's weight is negative or no number"),
            Self::Full => write!(f, "training takes {EXAMPLES_MAX} examples and no more: take later mail only"),
        }
    }
}

impl std::error::Error for Refused {}

impl Examples {
    /// No rows yet, for these inputs.
    pub fn new(inputs: impl IntoIterator<Item = Input>) -> Self {
        let inputs: Vec<_> = inputs.into_iter().collect();
        let columns = vec![Vec::new(); inputs.len()];
        Self { inputs, columns, ..Self::default() }
    }

    /// The number of the source of this name; the same name has the same number.
    pub fn source(&mut self, name: &str) -> u16 {
        let place = self.sources.iter().position(|known| known == name).unwrap_or_else(|| {
            self.sources.push(name.into());
            self.sources.len() - 1
        });
        // Sources are folders that a person named on a command line.
        u16::try_from(place).unwrap_or(u16::MAX)
    }

    /// Adds a message: its values in the order of the inputs. Values that are not finite are missing.
    pub fn push(&mut self, values: &[Option<f32>], label: Label) -> Result<(), Refused> {
        if values.len() != self.inputs.len() {
            return Err(Refused::Values { have: values.len(), need: self.inputs.len() });
        }
        if usize::from(label.source) >= self.sources.len() {
            return Err(Refused::Source(label.source));
        }
        if !(label.weight >= 0.0 && label.weight.is_finite()) {
            return Err(Refused::Weight);
        }
        if self.labels.len() == EXAMPLES_MAX {
            return Err(Refused::Full);
        }
        for (column, value) in self.columns.iter_mut().zip(values) {
            column.push(value.filter(|value| value.is_finite()).unwrap_or(f32::NAN));
        }
        self.labels.push(label);
        Ok(())
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// The inputs, in the order of a row's values.
    pub fn inputs(&self) -> &[Input] {
        &self.inputs
    }

    /// Where the input of this name stands; `None` where there is none.
    pub fn place(&self, name: &str) -> Option<usize> {
        self.inputs.iter().position(|input| input.name == name)
    }

    /// Names of the sources, by number.
    pub fn sources(&self) -> &[String] {
        &self.sources
    }

    /// All labels, by row.
    pub fn labels(&self) -> &[Label] {
        &self.labels
    }

    /// All values of an input, by row; not-a-number where missing.
    pub fn column(&self, input: usize) -> &[f32] {
        &self.columns[input]
    }

    /// Writes all rows as CSV, with a line of names above: `source,attack,at,campaign` and the inputs; `at` in milliseconds
    /// since 1970, an empty field where a value is missing.
    pub fn write_csv(&self, mut out: impl Write) -> io::Result<()> {
        write!(out, "source,attack,at,campaign")?;
        self.inputs.iter().try_for_each(|input| write!(out, ",{}", input.name))?;
        for (row, label) in self.labels.iter().enumerate() {
            // A name of a file may hold anything.
            let source = self.sources[usize::from(label.source)].replace('"', "\"\"");
            write!(out, "\n\"{source}\",{},{},{}", u8::from(label.attack), label.at.0, label.campaign)?;
            for value in self.columns.iter().map(|column| column[row]) {
                if value.is_nan() { write!(out, ",")? } else { write!(out, ",{value}")? }
            }
        }
        writeln!(out)?;
        out.flush()
    }

    /// The score that a model gives each of these rows. An input of the model that is not here is missing.
    pub fn scores(&self, model: &Additive, rows: &[u32]) -> Vec<f32> {
        let mut scores = vec![model.base; rows.len()];
        for table in &model.tables {
            let column = self.place(&table.input).map(|place| self.column(place));
            for (score, row) in scores.iter_mut().zip(rows) {
                *score += table.points_of(column.map(|values| values[*row as usize]));
            }
        }
        scores
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::model::Table;

    pub(crate) fn label(attack: bool, at: i64) -> Label {
        Label { attack, weight: 1.0, at: Moment(at), campaign: 0, source: 0 }
    }

    fn sample() -> Examples {
        let mut examples = Examples::new([Input::new("a", Risk::Rises), Input::new("b", Risk::Either)]);
        examples.source("first");
        examples
    }

    #[test]
    fn a_source_keeps_its_number() {
        let mut examples = sample();
        assert_eq!([examples.source("second"), examples.source("first"), examples.source("second")], [1, 0, 1]);
    }

    #[test]
    fn a_row_must_fit() {
        let cases = [
            (2, label(true, 0), Ok(())),
            (1, label(true, 0), Err(Refused::Values { have: 1, need: 2 })),
            (2, Label { source: 1, ..label(true, 0) }, Err(Refused::Source(1))),
            (2, Label { weight: -1.0, ..label(true, 0) }, Err(Refused::Weight)),
            (2, Label { weight: f32::NAN, ..label(true, 0) }, Err(Refused::Weight)),
        ];
        for (values, label, expected) in cases {
            let mut examples = sample();
            assert_eq!(examples.push(&vec![Some(1.0); values], label), expected);
            assert_eq!(examples.len(), usize::from(expected.is_ok()));
        }
    }

    #[test]
    fn rows_have_a_limit() {
        let mut examples = Examples::new([]);
        examples.source("first");
        examples.labels = vec![label(false, 0); EXAMPLES_MAX - 1];
        assert_eq!(examples.push(&[], label(false, 0)), Ok(()));
        assert_eq!(examples.push(&[], label(false, 0)), Err(Refused::Full));
    }

    #[test]
    fn examples_can_be_read_elsewhere() {
        let mut examples = sample();
        examples.push(&[Some(0.5), None], Label { campaign: 7, ..label(true, 5) }).unwrap();
        let mut written = Vec::new();
        examples.write_csv(&mut written).unwrap();
        let text = String::from_utf8(written).unwrap();
        assert_eq!(text, "source,attack,at,campaign,a,b\n\"first\",1,5,7,0.5,\n");
    }

    #[test]
    fn scores_are_those_of_the_tables() {
        let mut examples = sample();
        for value in [None, Some(1.0), Some(f32::INFINITY)] {
            examples.push(&[Some(0.0), value], label(false, 0)).unwrap();
        }
        let table = |input: &str| Table { input: input.into(), edges: vec![], points: vec![2.0], missing: -1.0 };
        let model = Additive { base: 0.5, tables: vec![table("b"), table("unheard_of")] };
        assert_eq!(examples.scores(&model, &[2, 1, 0]), [-1.5, 1.5, -1.5]);
    }
}
