//! SQL over the tables: a query reads the columns that it names into an engine in memory, and runs there within limits.

mod days;
mod fault;
mod load;
mod plan;
mod print;
mod run;
#[cfg(test)]
mod tests;

pub use fault::SqlError;
pub use print::Form;
pub use run::{Answer, Limits, Value, queries, query};
