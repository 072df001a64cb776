//! The domains to which links lead.

use super::shown::{Keeper, Shown, Trait, distinct};
use crate::message::LinkPlace;

pub(super) const TRAIT: Trait = Trait::new(13, "link domain", &[Keeper::Sender, Keeper::Domain, Keeper::Thread], 24, shows);

fn shows(shown: &Shown<'_>) -> Vec<String> {
    let followed = shown.message.links.iter().filter(|link| link.place != LinkPlace::Image);
    distinct(followed.filter_map(|link| link.host.as_ref()).map(|host| host.registrable().as_str().to_owned()))
}

#[cfg(test)]
mod tests {
    use crate::traits::shown::tests::check;

    #[test]
    fn each_domain_shows_once() {
        check(module_path!(), "Subject: x\n\nhttps://a.b.example/1 and http://b.example/2 and https://c.example", &["b.example", "c.example"]);
    }
}
