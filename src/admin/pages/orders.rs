//! What is ordered for held mail, one message or several: let it go, delete it (asked once more), label it.

use std::sync::{Arc, Mutex, PoisonError};

use askama::Template;
use axum::Router;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::post;

use super::super::console::Console;
use super::super::guard::Person;
use super::super::held::{Actor, Undone};
use super::super::labels;
use super::super::reply::{Refused, message, page, see_other};
use super::super::shown::visible;
use super::super::users::Role;
use super::quarantine::Asked;
use super::{Frame, Tab};
use crate::decision::DecisionId;
use crate::mail::Address;
use crate::quarantine::Released;

/// Where it stands in the navigation: it belongs to the list.
pub(super) const TAB: Option<Tab> = None;

/// Its routes.
pub(super) fn routes() -> Router<Arc<Console>> {
    Router::new().route("/quarantine/orders", post(carry_out))
}

/// Messages of one order: a page of the list, and room to spare.
const IDS_MAX: usize = 100;

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    Release,
    /// Asks first.
    Delete,
    DeleteForGood,
    Safe,
    Attack,
}

impl Deed {
    const ALL: [(&'static str, Self); 5] = [
        ("release", Self::Release),
        ("delete", Self::Delete),
        ("delete_for_good", Self::DeleteForGood),
        ("safe", Self::Safe),
        ("attack", Self::Attack),
    ];

    /// What was done, in a word.
    fn done(self) -> &'static str {
        match self {
            Self::Release => "released",
            Self::Delete | Self::DeleteForGood => "deleted",
            Self::Safe | Self::Attack => "labelled",
        }
    }
}

/// A form as it was sent.
#[derive(Clone, Debug)]
struct Order {
    deed: Deed,
    ids: Vec<DecisionId>,
    to: Vec<Address>,
    category: String,
    note: String,
    /// The filter of the list from which it comes.
    back: String,
    /// The message that is looked at next.
    next: Option<DecisionId>,
}

impl Order {
    fn read(pairs: &[(String, String)]) -> Result<Self, String> {
        let all = |wanted: &str| {
            pairs.iter().filter(move |(name, _)| name == wanted).map(|(_, value)| value.as_str()).collect::<Vec<_>>()
        };
        let one = |wanted: &str| all(wanted).first().copied().unwrap_or_default().to_owned();
        let deed = Deed::ALL.into_iter().find(|(name, _)| *name == one("do"));
        let (_, deed) = deed.ok_or_else(|| "It does not say what to do.".to_owned())?;
        let ids: Option<Vec<_>> = all("id").into_iter().map(DecisionId::parse).collect();
        let ids = ids.ok_or_else(|| "That is no message's id.".to_owned())?;
        if ids.is_empty() {
            return Err("No message was chosen.".to_owned());
        }
        if ids.len() > IDS_MAX {
            return Err(format!("More than {IDS_MAX} messages were chosen."));
        }
        let to: Option<Vec<_>> = all("to").into_iter().map(Address::parse).collect();
        let to = to.ok_or_else(|| "That is no recipient's address.".to_owned())?;
        if deed == Deed::Release && to.is_empty() && !one("some").is_empty() {
            return Err("No recipient was chosen.".to_owned());
        }
        if !to.is_empty() && ids.len() > 1 {
            return Err("Recipients belong to one message.".to_owned());
        }
        let back = Asked::of_filter(&one("back")).filter();
        let category = if deed == Deed::Attack { one("category") } else { String::new() };
        Ok(Self { deed, ids, to, category, note: one("note"), back, next: DecisionId::parse(&one("next")) })
    }

    /// Where it goes on once all is done.
    fn onward(&self) -> String {
        let (back, done) = (&self.back, self.deed.done());
        match self.next.filter(|_| self.ids.len() == 1) {
            Some(next) => format!("/quarantine/{next}?{back}done={done}"),
            None => format!("/quarantine?{back}done={done}"),
        }
    }
}

/// What became of one message.
#[derive(Clone, Debug)]
struct Outcome {
    id: DecisionId,
    is_done: bool,
    words: Vec<String>,
}

impl Outcome {
    fn new(id: DecisionId, done: Result<Vec<String>, Undone>) -> Self {
        match done {
            Ok(words) => Self { id, is_done: words.is_empty(), words },
            Err(undone) => Self { id, is_done: false, words: vec![visible(&undone.why).into_owned()] },
        }
    }
}

/// What a person has to know of a release: nothing, where all have it now.
fn told(released: &Released) -> Vec<String> {
    if released.refused.is_empty() && released.doubtful.is_empty() {
        return Vec::new();
    }
    let one = |words: &str, address: &Address, why: &str| visible(&format!("{words} {address}{why}")).into_owned();
    let gone = released.released.iter().map(|address| one("released to", address, ""));
    let before = released.before.iter().map(|address| one("had been released to", address, ""));
    let refused = released.refused.iter().map(|(address, why)| one("not released to", address, &format!(": {why}")));
    let doubt = "nobody knows whether it was released to";
    let doubtful = released.doubtful.iter().map(|(address, why)| one(doubt, address, &format!(": {why}")));
    gone.chain(before).chain(refused).chain(doubtful).collect()
}

#[derive(Template)]
#[template(path = "confirm.html", config = "src/admin/askama.toml")]
struct Confirm {
    frame: Frame,
    ids: Vec<String>,
    back: String,
    next: String,
}

#[derive(Template)]
#[template(path = "ordered.html", config = "src/admin/askama.toml")]
struct Ordered {
    frame: Frame,
    outcomes: Vec<Outcome>,
    done: &'static str,
    ordered: usize,
    is_over: bool,
    onward: String,
}

async fn carry_out(
    person: Person,
    State(console): State<Arc<Console>>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Response> {
    let token = pairs.iter().find(|(name, _)| name == "token").map_or("", |(_, value)| value.as_str());
    person.sent(token)?;
    person.may(Role::Operator)?;
    let wrong = |why: String| Refused::from(message(StatusCode::BAD_REQUEST, &why));
    let order = Arc::new(Order::read(&pairs).map_err(wrong)?);
    let frame = Frame::of(&person, "quarantine");
    if order.deed == Deed::Delete {
        return Ok(page(&Confirm {
            frame,
            ids: order.ids.iter().map(ToString::to_string).collect(),
            back: order.back.clone(),
            next: order.next.map(|id| id.to_string()).unwrap_or_default(),
        }));
    }
    let outcomes: Arc<Mutex<Vec<Outcome>>> = Arc::default();
    let (actor, asked, done) = (Actor::from(&person), Arc::clone(&order), Arc::clone(&outcomes));
    let worked = Arc::clone(&console);
    let is_over = console.gates.orders.run(move || {
        for id in &asked.ids {
            let outcome = Outcome::new(*id, one(&worked, &actor, &asked, *id));
            done.lock().unwrap_or_else(PoisonError::into_inner).push(outcome);
        }
    });
    let is_over = is_over.await?.is_some();
    let outcomes = outcomes.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if is_over && outcomes.iter().all(|outcome| outcome.is_done) {
        return Ok(see_other(&order.onward()));
    }
    let (ordered, onward) = (order.ids.len(), order.onward());
    Ok(page(&Ordered { frame, outcomes, done: order.deed.done(), ordered, is_over, onward }))
}

/// Does what is to be done with one message; what there is to say of it.
fn one(console: &Console, actor: &Actor, order: &Order, id: DecisionId) -> Result<Vec<String>, Undone> {
    let label = |label: &str| {
        let (category, note) = (order.category.clone(), order.note.clone());
        console.label(actor, id, &labels::Said { label: label.to_owned(), category, note }).map(|_| Vec::new())
    };
    match order.deed {
        Deed::Release => console.release(actor, id, &order.to).map(|released| told(&released)),
        Deed::Delete | Deed::DeleteForGood => console.delete(actor, id).map(|()| Vec::new()),
        Deed::Safe => label("safe"),
        Deed::Attack => label("attack"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "01HF7YAT000000000000000001";
    const OTHER: &str = "01HF7YAT000000000000000002";

    fn read(pairs: &[(&str, &str)]) -> Result<Order, String> {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Order::read(&pairs.iter().map(owned).collect::<Vec<_>>())
    }

    #[test]
    fn a_form_says_what_is_to_be_done_with_which_messages() {
        let order = read(&[
            ("do", "release"),
            ("id", ID),
            ("to", "a@own.example"),
            ("some", "1"),
            ("category", "spam"),
            ("back", "state=all&evil=//x&category=malware"),
            ("next", OTHER),
        ]);
        let order = order.expect("sound");
        assert_eq!((order.deed, order.to.len(), order.category.as_str()), (Deed::Release, 1, ""));
        assert_eq!(order.onward(), format!("/quarantine/{OTHER}?state=all&category=malware&done=released"));
        let several = read(&[("do", "safe"), ("id", ID), ("id", OTHER), ("next", OTHER)]).expect("sound");
        assert_eq!(several.onward(), "/quarantine?done=labelled");
        assert_eq!(read(&[("do", "attack"), ("id", ID), ("category", "spam")]).expect("sound").category, "spam");
    }

    #[test]
    fn what_is_not_meant_so_is_refused() {
        let check = |pairs: &[(&str, &str)], why: &str| assert_eq!(read(pairs).expect_err("refused"), why);
        check(&[("id", ID)], "It does not say what to do.");
        check(&[("do", "explode"), ("id", ID)], "It does not say what to do.");
        check(&[("do", "release")], "No message was chosen.");
        check(&[("do", "release"), ("id", "x")], "That is no message's id.");
        check(&[("do", "release"), ("id", ID), ("some", "1")], "No recipient was chosen.");
        check(&[("do", "release"), ("id", ID), ("to", "x")], "That is no recipient's address.");
        let both = [("do", "release"), ("id", ID), ("id", OTHER), ("to", "a@own.example")];
        check(&both, "Recipients belong to one message.");
        let many: Vec<_> = std::iter::once(("do", "safe")).chain((0..=IDS_MAX).map(|_| ("id", ID))).collect();
        check(&many, "More than 100 messages were chosen.");
        assert!(read(&many[1..]).is_err() && read(&many[..IDS_MAX + 1]).is_ok());
    }

    #[test]
    fn only_what_went_wrong_is_told() {
        let one = Address::parse("a@own.example").expect("valid");
        let all = Released { released: vec![one.clone()], before: vec![one.clone()], ..Released::default() };
        assert!(told(&all).is_empty());
        let partly = Released { refused: vec![(one, "550 no\r\nx".to_owned())], ..all };
        assert_eq!(told(&partly).len(), 3);
        assert_eq!(told(&partly)[2], "not released to a@own.example: 550 no⟨U+000D⟩⟨U+000A⟩x");
    }
}
