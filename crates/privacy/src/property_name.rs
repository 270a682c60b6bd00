//! Names of properties whose values must not be kept.

/// Parts of a name that make it a secret wherever they stand as whole words.
const SECRET_WORDS: &[&str] = &[
    "authorization",
    "authorisation",
    "bearer",
    "cookie",
    "cookies",
    "credential",
    "credentials",
    "csrf",
    "cvc",
    "cvv",
    "iban",
    "jsessionid",
    "jwt",
    "otp",
    "pan",
    "passcode",
    "passphrase",
    "passwd",
    "password",
    "passwords",
    "passwort",
    "phpsessid",
    "pin",
    "pwd",
    "secret",
    "secrets",
    "ssn",
    "token",
    "totp",
    "xsrf",
];

/// Runs of words that make a name a secret together. Compared without separators, so that `apiKey`, `api-key` and `apikey` are one.
const SECRET_PHRASES: &[&str] = &[
    "accesskey",
    "accesstoken",
    "accountnumber",
    "apikey",
    "apisecret",
    "authcode",
    "authheader",
    "authkey",
    "authtoken",
    "bankaccount",
    "cardcode",
    "cardexpiry",
    "cardnum",
    "ccnum",
    "ccnumber",
    "clientsecret",
    "creditcard",
    "debitcard",
    "encryptionkey",
    "idtoken",
    "onetimecode",
    "passportnum",
    "password",
    "privatekey",
    "refreshtoken",
    "secretkey",
    "securitycode",
    "sessiontoken",
    "setcookie",
    "signingkey",
    "socialsecurity",
    "sshkey",
];

/// Names that are a secret only when nothing else is in them: `card_type` is none.
const SECRET_NAMES: &[&str] = &["auth", "card", "pass", "sid"];

/// Words that turn the word before them into a harmless count or label: `token_count`, `cookie_consent`, `password_strength`.
const HARMLESS_AFTER: &[&str] = &[
    "accepted", "banner", "changed", "consent", "count", "enabled", "error", "length", "limit", "method", "policy",
    "reset", "strength", "type", "usage", "used",
];

/// Whether a property's name says that its value is a secret, such as `password`, `accessToken`, `X-Api-Key` or `card_number`. Such a
/// property is dropped before the event is logged. Words are told apart by separators and by camel case.
pub fn is_secret_property_name(name: &str) -> bool {
    let words = words(name);
    let joined = words.concat();
    if SECRET_NAMES.contains(&joined.as_str()) {
        return true;
    }
    if words.last().is_some_and(|last| words.len() > 1 && HARMLESS_AFTER.contains(&last.as_str())) {
        return false;
    }
    words.iter().any(|word| SECRET_WORDS.contains(&word.as_str()))
        || SECRET_PHRASES.iter().any(|phrase| joined.contains(phrase))
}

/// The words of a name in lower case and without digits: `userAPIKey-TOKEN2` is user, api, key, token.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut previous_was_lower = false;
    let mut characters = name.chars().peekable();
    while let Some(character) = characters.next() {
        let ends_acronym = characters.peek().is_some_and(|next| next.is_lowercase());
        let starts_word = character.is_uppercase() && (previous_was_lower || ends_acronym);
        if starts_word || !character.is_alphabetic() {
            words.push(String::new());
        }
        if character.is_alphabetic()
            && let Some(word) = words.last_mut()
        {
            word.extend(character.to_lowercase());
        }
        previous_was_lower = character.is_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_known_in_every_spelling() {
        for name in [
            "deviceToken",
            "userTOKEN",
            "APIToken",
            "oldPwd",
            "password",
            "Password",
            "user_password",
            "userPassword",
            "PASSWORD2",
            "new-password",
            "userpassword",
            "passwd",
            "pwd",
            "token",
            "accessToken",
            "access_token",
            "ACCESS_TOKEN",
            "accesstoken",
            "x-csrf-token",
            "authorization",
            "Authorization",
            "http.authorization",
            "auth",
            "authToken",
            "secret",
            "client_secret",
            "clientSecret",
            "api_key",
            "apiKey",
            "X-Api-Key",
            "apikey",
            "APIKEY",
            "stripe.apikey",
            "privateKey",
            "card",
            "card_number",
            "cardNumber",
            "creditcard",
            "credit_card",
            "creditCardNumber",
            "cvv",
            "cvc",
            "iban",
            "ssn",
            "social_security_number",
            "pin",
            "otp",
            "set-cookie",
            "cookie",
            "jwt",
            "bearer",
            "credentials",
            "sid",
        ] {
            assert!(is_secret_property_name(name), "{name}");
        }
    }

    #[test]
    fn ordinary_names_are_kept() {
        for name in [
            "",
            "plan",
            "author",
            "authority",
            "secretary",
            "token_count",
            "tokenUsage",
            "tokens",
            "password_strength",
            "cookie_consent",
            "card_type",
            "cardPosition",
            "cards",
            "discard",
            "pinned",
            "shipping",
            "company",
            "panel",
            "keyboard",
            "key",
            "api_version",
            "compass",
            "passenger",
            "pass_rate",
            "authenticated",
            "auth_method",
            "spinner",
            "japan",
            "expanded",
            "session_length",
            "オプション",
            "_",
            "__",
            "1",
        ] {
            assert!(!is_secret_property_name(name), "{name}");
        }
    }
}
