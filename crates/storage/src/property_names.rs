//! Which names of properties a project gets, whatever the database.

use std::collections::BTreeSet;

use analytics_domain::ports::MAX_PROPERTY_NAMES;

/// The names that a project has, and what asking for more changes.
pub(crate) struct PropertyNames(pub(crate) BTreeSet<String>);

impl PropertyNames {
    /// Those that are to be kept of what is asked for: none that it has, none twice, and no more than there is room for.
    pub(crate) fn new_of(&self, asked: &[&str]) -> BTreeSet<String> {
        let room = MAX_PROPERTY_NAMES.saturating_sub(self.0.len());
        let mut new = BTreeSet::new();
        for name in asked.iter().filter(|name| !self.0.contains(**name)) {
            if new.len() == room {
                break;
            }
            new.insert((*name).to_owned());
        }
        new
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_ones_get_what_room_there_is() {
        let names = PropertyNames((2..MAX_PROPERTY_NAMES).map(|number| number.to_string()).collect());
        let new = |asked: &[&str]| names.new_of(asked).into_iter().collect::<Vec<_>>();
        assert_eq!(new(&["z", "2", "z", "a", "b"]), ["a", "z"]);
        assert_eq!(new(&["3", "2"]), [""; 0]);
    }
}
