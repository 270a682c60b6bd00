//! Where an address is: the country, and region and city where the database has them.

use super::Surroundings;
use crate::draft::{Draft, Dropped};

pub(super) fn apply(surroundings: &Surroundings<'_>, mut draft: Draft) -> Result<Draft, Dropped> {
    if let Some(address) = draft.sender.address {
        draft.place = surroundings.address_files.place_of(address);
    }
    Ok(draft)
}
