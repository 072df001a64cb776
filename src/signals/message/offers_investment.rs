//! It offers an investment.

use crate::mail::Category;
use crate::signals::Signal;

const PHRASES: &[&str] = &[
    "stock pick*",
    "hot stock*",
    "stock alert",
    "penny stock*",
    "small cap",
    "micro cap",
    "stock symbol",
    "ticker",
    "otc",
    "otcbb",
    "otc bb",
    "nasdaq",
    "strong buy",
    "buy alert",
    "price target",
    "target price",
    "short term target",
    "undervalued",
    "shares of",
    "share price",
    "stock price",
    "investors",
    "investor alert",
    "investor* should",
    "press release",
    "forward looking statements",
    "forward-looking",
    "safe harbor",
    "securities act",
    "breakout",
    "about to explode",
    "set to explode",
    "gains of",
    "profit potential",
    "huge profits",
    "high yield",
    "high return*",
    "return on investment",
    "return on your investment",
    "roi",
    "guaranteed return*",
    "risk free investment",
    "investment opportunity",
    "investment opportunities",
    "investment proposal",
    "investment plan",
    "investment program",
    "invest in your country",
    "investment partner",
    "investor*",
    "investing",
    "trading platform",
    "trading signals",
    "forex",
    "forex trading",
    "binary option*",
    "options trading",
    "day trading",
    "trader",
    "account manager",
    "your investment",
    "minimum investment",
    "offshore",
    "tax free",
    "tax haven",
    "venture capital",
    "private equity",
    "wealth",
    "wealth management",
    "portfolio",
    "anlage",
    "anlagemöglichkeit",
    "rendite",
    "geldanlage",
    "aktien",
    "investissement",
    "placement",
    "rendement",
    "inversión",
    "oportunidad de inversión",
    "rentabilidad",
];

pub(super) const SIGNAL: Signal = Signal::of_phrases(
    "it offers an investment",
    "For stock promotion and trading scams. Number of distinct phrases.",
    PHRASES,
)
.of(Category::Spam);

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_stock_to_buy_is_seen() {
        check(module_path!(), mail().text("Hot stock alert: strong buy, price target 5, OTC."), Some(5.0));
        check(module_path!(), mail(), Some(0.0));
    }
}
