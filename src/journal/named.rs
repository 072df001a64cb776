//! Values by name, in their order: a JSON object that is cheap to write.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Values by name, in their order. Names are borrowed where the program knows them, since most do not change.
#[derive(Clone, Debug, PartialEq)]
pub struct Named<V>(pub Vec<(Cow<'static, str>, V)>);

impl<V> Default for Named<V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<V> Named<V> {
    /// The value of a name.
    pub fn of(&self, name: &str) -> Option<&V> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }
}

impl<V: Serialize> Serialize for Named<V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Named<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs<V>(PhantomData<V>);
        impl<'de, V: Deserialize<'de>> Visitor<'de> for Pairs<V> {
            type Value = Named<V>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of names and values")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Named<V>, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Named(pairs))
            }
        }
        deserializer.deserialize_map(Pairs(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_their_order() {
        let named = Named(vec![("b".into(), Some(0.5)), ("a".into(), None)]);
        let text = serde_json::to_string(&named).expect("serialises");
        assert_eq!(text, r#"{"b":0.5,"a":null}"#);
        assert_eq!(serde_json::from_str::<Named<Option<f32>>>(&text).expect("reads"), named);
        assert_eq!((named.of("b"), named.of("c")), (Some(&Some(0.5)), None));
        assert!(serde_json::from_str::<Named<f32>>("[1]").is_err());
    }
}
