//! A known correspondent writes as it never did: its mailbox may be another's.

use super::{Detector, Feature};

pub(super) const DETECTOR: Detector = Detector {
    name: "",
    because: "a known correspondent departs from its habits",
    applies: &[&["sender_messages_seen"], &["habits_new_share_of_sender"]],
    passes_over: &["message_is_internal", "message_is_outbound"],
    features: &[
        Feature::new("it departs from habits", &["habits_new_share_of_sender"]),
        Feature::new("another program wrote it", PROGRAM),
        Feature::new("it asks as never before", &["asks_out_of_habit", "money_talk_new_for_sender"]),
        Feature::new("it comes from elsewhere", &["infrastructure_new_share", "known_sender_not_proved"]),
        Feature::new("it was silent for long", &["sender_silence_unusual", "pair_silence_unusual"]),
    ],
};

const PROGRAM: &[&str] = &["mailer_new_for_sender", "time_zone_new_for_sender", "header_style_new_for_sender"];

#[cfg(test)]
mod tests {
    use super::super::check::check;
    use crate::evidence::fixture::mail;

    #[test]
    fn a_known_correspondent_out_of_habit_is_looked_at() {
        let as_ever = || {
            let habits = ["mailer", "time_zone", "language", "header_style"];
            habits.iter().fold(mail(), |mail, habit| mail.habit(habit, 15.0))
        };
        let raised: &[&str] = &["it departs from habits", "another program wrote it", "it asks as never before", "it was silent for long"];
        check(module_path!(), as_ever().habit("mailer", 0.0).text("make the payment"), Some(raised));
        check(module_path!(), as_ever().text("make the payment"), None);
        check(module_path!(), mail().stranger(), None);
    }
}
