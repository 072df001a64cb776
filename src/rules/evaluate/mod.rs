//! Checked expressions, run over one message: three-valued, with what was lacking named.

mod call;
mod code;
mod compare;
mod kept;
mod record;
mod run;
mod value;

pub use call::Call;
pub use code::{Arguments, Code, Constant, Heap};
pub use compare::{equal, folded};
pub use record::{Record, file, filed, object};
pub use run::{Outcome, Run};
pub use value::{Lack, Value};
