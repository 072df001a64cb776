//! The values of a list, shared with it.

use std::ops::Deref;
use std::rc::Rc;

use super::Value;

/// The values of a list.
#[derive(Clone, Default)]
pub struct Elements<'m>(Rc<[Value<'m>]>);

impl<'m> Elements<'m> {
    /// These values.
    pub fn of(values: Rc<[Value<'m>]>) -> Self {
        Self(values)
    }
}

impl<'m> Deref for Elements<'m> {
    type Target = [Value<'m>];

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

/// The values one by one.
pub struct Each<'m> {
    of: Rc<[Value<'m>]>,
    next: usize,
}

impl<'m> Iterator for Each<'m> {
    type Item = Value<'m>;

    fn next(&mut self) -> Option<Self::Item> {
        let value = self.of.get(self.next).cloned();
        self.next += 1;
        value
    }
}

impl<'m> IntoIterator for Elements<'m> {
    type Item = Value<'m>;
    type IntoIter = Each<'m>;

    fn into_iter(self) -> Each<'m> {
        Each { of: self.0, next: 0 }
    }
}
