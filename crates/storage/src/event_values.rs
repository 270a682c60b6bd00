//! Values of an event as columns: what both databases keep in the same form.

use analytics_domain::Money;

/// How many events of one id are told: as many as an honest sender never makes.
pub(crate) const EVENTS_OF_ID: usize = 100;

/// A stored value that means nothing. Says which, without quoting text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UnreadableValue(pub(crate) String);

/// The meaning of a stored number.
pub(crate) fn coded<T>(code: u8, column: &str, from_code: fn(u8) -> Option<T>) -> Result<T, UnreadableValue> {
    from_code(code).ok_or_else(|| UnreadableValue(format!("{column} of an event has the unknown code {code}")))
}

/// An amount and its currency go together.
pub(crate) fn money(
    currency_code: Option<String>,
    amount_micros: Option<i64>,
) -> Result<Option<Money>, UnreadableValue> {
    match (currency_code, amount_micros) {
        (Some(currency_code), Some(amount_micros)) => Ok(Some(Money { currency_code, amount_micros })),
        (None, None) => Ok(None),
        _ => {
            let what = "an event has an amount without a currency, or a currency without an amount";
            Err(UnreadableValue(what.to_owned()))
        }
    }
}
