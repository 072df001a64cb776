//! It speaks of cryptocurrency.

use crate::mail::Category;
use crate::signals::Signal;

const PHRASES: &[&str] = &[
    "bitcoin",
    "bitcoins",
    "btc",
    "bit coin",
    "bitcoin address",
    "bitcoin wallet",
    "btc wallet",
    "btc address",
    "my bitcoin",
    "my btc",
    "wallet address",
    "my wallet",
    "crypto",
    "cryptocurrency",
    "cryptocurrencies",
    "crypto wallet",
    "crypto currency",
    "ethereum",
    "eth wallet",
    "usdt",
    "tether",
    "litecoin",
    "monero",
    "xmr",
    "dash",
    "blockchain",
    "how to buy bitcoin",
    "buy bitcoin",
    "purchase bitcoin",
    "send bitcoin",
    "in bitcoin",
    "in bitcoins",
    "via bitcoin",
    "bitcoin atm",
    "coinbase",
    "binance",
    "digital currency",
    "crypto trading",
    "crypto investment",
    "bitcoin investment",
    "mining",
    "kryptowährung*",
    "bitcoin-adresse",
    "bitcoin-wallet",
    "cryptomonnaie*",
    "adresse bitcoin",
    "criptomoneda*",
    "dirección bitcoin",
    "monedero",
];

pub(super) const SIGNAL: Signal = Signal::of_phrases(
    "it speaks of cryptocurrency",
    "For extortion and investment scams. Number of distinct phrases.",
    PHRASES,
)
.of(Category::Extortion);

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_wallet_for_bitcoin_is_seen() {
        check(module_path!(), mail().text("Send it in Bitcoin to my wallet."), Some(3.0));
        check(module_path!(), mail(), Some(0.0));
    }
}
