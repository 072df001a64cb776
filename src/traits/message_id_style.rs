//! How the host or program writes Message-ID: its domain and the form before it.

use super::shown::{Keeper, Shown, Trait, one};

pub(super) const TRAIT: Trait = Trait::new(22, "style of Message-ID", &[Keeper::Sender, Keeper::Domain], 8, shows);

/// Signs of the form before the domain.
const SIGNS_MAX: usize = 16;

fn shows(shown: &Shown<'_>) -> Vec<String> {
    one(shown.message.message_id.as_deref().map(style))
}

fn style(id: &str) -> String {
    let (local, host) = id.rsplit_once('@').unwrap_or((id, ""));
    let host = crate::mail::Domain::parse(host).map_or_else(|| "?".to_owned(), |host| host.registrable().as_str().into());
    let mut form = String::new();
    for c in local.chars() {
        let sign = match c {
            '0'..='9' | 'a'..='z' | 'A'..='Z' => 'x',
            other => other,
        };
        if sign != 'x' || !form.ends_with('x') {
            form.push(sign);
        }
        if form.len() >= SIGNS_MAX {
            break;
        }
    }
    format!("{form}@{host}")
}

#[cfg(test)]
mod tests {
    use crate::traits::shown::tests::check;

    #[test]
    fn form_and_domain_show() {
        check(module_path!(), "Message-ID: <20260504.A1.b2@mail.x.example>\n\nx", &["x.x.x@x.example"]);
    }
}
