//! XPath 1.0 over pages of HTML, within a budget of steps.

mod expression;
mod functions;
mod lexer;
mod nodes;
mod parser;
mod run;

pub use expression::XPath;
pub use nodes::Place;
