//! One of our own writes as never before.

use crate::evidence::Evidence;
use crate::signals::habit::new_share;
use crate::signals::insiders::is_inside;
use crate::signals::{Attack, Signal};

pub(super) const SIGNAL: Signal = Signal::rises(
    "one of our own writes as never before",
    "For own accounts that were taken over. Share of the author's habits that are new where it is one of our own, \
     else 0, 0 to 1; unknown for an author of fewer than four habits.",
    measure,
)
.against(&[Attack::LateralPhishing]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let new = new_share(evidence.baseline.sender.as_ref())?;
    Some(if is_inside(evidence) { new } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn only_our_own_count() {
        check(module_path!(), mail().internal().with(|m| m.baseline.sender.as_mut().expect("known").habits.iter_mut().for_each(|(_, usual)| usual.weight = 0.0)), Some(1.0));
        check(module_path!(), mail().with(|m| m.baseline.sender.as_mut().expect("known").habits.iter_mut().for_each(|(_, usual)| usual.weight = 0.0)), Some(0.0));
        check(module_path!(), mail().internal().stranger(), None);
    }
}
