//! It promises an easy income.

use crate::mail::Category;
use crate::signals::Signal;

const PHRASES: &[&str] = &[
    "make money",
    "make money fast",
    "making money",
    "make extra money",
    "extra income",
    "extra money",
    "extra cash",
    "easy money",
    "earn money",
    "earn cash",
    "earn up to",
    "earn from home",
    "earn extra",
    "you can earn",
    "you will earn",
    "earn thousands",
    "earn $*",
    "make $*",
    "quick cash",
    "fast cash",
    "financial freedom",
    "financially independent",
    "financial independence",
    "be your own boss",
    "own boss",
    "fire your boss",
    "quit your job",
    "residual income",
    "passive income",
    "second income",
    "unlimited income",
    "income potential",
    "income opportunity",
    "serious income",
    "six figure*",
    "business opportunity",
    "home business",
    "home-based business",
    "business from home",
    "internet business",
    "turnkey",
    "multi-level",
    "multi level",
    "mlm",
    "network marketing",
    "downline",
    "your sponsor",
    "chain letter",
    "pyramid",
    "reports",
    "order all",
    "this really works",
    "it really works",
    "get rich",
    "become rich",
    "millionaire",
    "millionaires",
    "become a millionaire",
    "while you sleep",
    "proven system",
    "proven method",
    "secret to",
    "money making",
    "money-making",
    "moneymaking",
    "cash flow",
    "cashflow",
    "guaranteed income",
    "guaranteed profit*",
    "no selling",
    "not mlm",
    "work at home",
    "own business",
    "start your own",
    "opportunity of a lifetime",
    "once in a lifetime",
    "life changing",
    "change your life",
    "geld verdienen",
    "schnelles geld",
    "passives einkommen",
    "nebenverdienst",
    "gagner de l'argent",
    "revenu passif",
    "ganar dinero",
    "ingresos extra",
    "dinero fácil",
];

pub(super) const SIGNAL: Signal = Signal::of_phrases(
    "it promises an easy income",
    "For pyramid schemes and dubious offers of business. Number of distinct phrases.",
    PHRASES,
)
.of(Category::Spam);

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_promise_of_money_is_seen() {
        check(module_path!(), mail().text("Make money fast! Be your own boss with residual income."), Some(5.0));
        check(module_path!(), mail(), Some(0.0));
    }
}
