//! What may be done with projects and keys, and by whom. A key that belongs to a project sees and changes nothing outside of it, and
//! cannot tell what is out of its reach from what does not exist.

mod keys;
mod names;
mod projects;

use std::sync::Arc;

use analytics_domain::{Clock, InvalidName, ports::Catalog};
use analytics_rpc::{Caller, RpcError};

pub(crate) use self::{
    keys::{KeyChange, KeyToCreate, NamedKey},
    names::ProjectNames,
    projects::{ProjectChange, ProjectToCreate},
};

pub(crate) struct Directory {
    catalog: Arc<dyn Catalog>,
    clock: Arc<dyn Clock>,
}

impl Directory {
    pub(crate) fn new(catalog: Arc<dyn Catalog>, clock: Arc<dyn Clock>) -> Self {
        Self { catalog, clock }
    }
}

fn foreign_token(error: InvalidName) -> RpcError {
    RpcError::invalid_field("page_token", format!("was made by hand: {error}"))
}

fn reaches_all(caller: &Caller, what: &'static str) -> Result<(), RpcError> {
    if caller.key().project.is_none() {
        return Ok(());
    }
    Err(RpcError::KeyOfOneProject { id: caller.key().id.clone(), what })
}
