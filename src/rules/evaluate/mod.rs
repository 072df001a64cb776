//! Checked expressions, run over one message: three-valued, with what was lacking named.

mod among;
mod call;
mod code;
mod compare;
mod elements;
mod inner;
mod kept;
mod networks;
mod path;
mod record;
mod run;
mod trace;
mod value;

pub use call::Call;
pub use code::{Arguments, Code, Constant, Heap, is_of_files};
pub use compare::{equal, folded, folded_char};
pub use elements::Elements;
pub use kept::{Read, Sought};
pub use networks::Networks;
pub use path::{Path, Root};
pub use record::{Record, file, filed, object};
pub use run::{Outcome, Run};
pub use trace::Found;
pub use value::{Lack, Value};
