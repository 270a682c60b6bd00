//! What the store refuses, and who may see it: a key that belongs to a project reaches the events of that project only. A record that
//! cannot be read belongs to nobody, so only keys that reach all projects see it.

use std::sync::Arc;

use analytics_domain::{
    ProjectId, ProjectName, QuarantineId,
    ports::{Catalog, Quarantine, Quarantined, Replay},
};
use analytics_rpc::{Caller, RpcError};

use crate::{
    directory::ProjectNames,
    page::{List, Page},
};

/// A page ends early where its records have so many bytes: answers are bounded.
const PAGE_BYTES: usize = 4 << 20;
/// So many are read at once, so that a page of large records does not fill the memory.
const READ_AT_ONCE: usize = 16;

/// Something in quarantine and the name of its project.
pub(crate) struct NamedQuarantined {
    pub(crate) quarantined: Quarantined,
    pub(crate) project: Option<ProjectName>,
}

pub(crate) struct Ward {
    quarantine: Arc<dyn Quarantine>,
    catalog: Arc<dyn Catalog>,
}

impl Ward {
    pub(crate) fn new(quarantine: Arc<dyn Quarantine>, catalog: Arc<dyn Catalog>) -> Self {
        Self { quarantine, catalog }
    }

    pub(crate) async fn list(
        &self,
        caller: &Caller,
        project: Option<&ProjectName>,
        size: usize,
        token: &str,
    ) -> Result<Page<NamedQuarantined>, RpcError> {
        let of = match project {
            Some(name) => Some(caller.project(Some(name)).await?.id),
            None => caller.key().project,
        };
        let list = List::quarantine(of);
        let after = list.read(token)?.map(|number| number.parse().map(QuarantineId)).transpose();
        let after = after.map_err(|_| RpcError::invalid_field("page_token", "was made by hand"))?;
        let read = self.read(of, after, size + 1).await?;
        let fits = fitting(&read).min(size);
        let page = list.page(read, fits, |quarantined| quarantined.id.0.to_string());
        let mut names = ProjectNames::new(self.catalog.as_ref());
        let mut items = Vec::with_capacity(page.items.len());
        for quarantined in page.items {
            items.push(NamedQuarantined { project: names.of(quarantined.project).await?, quarantined });
        }
        Ok(Page { items, next_token: page.next_token })
    }

    pub(crate) async fn get(&self, caller: &Caller, id: QuarantineId) -> Result<NamedQuarantined, RpcError> {
        let quarantined = self.reached(caller, id).await?.ok_or(RpcError::QuarantinedEventNotFound(id))?;
        let project = ProjectNames::new(self.catalog.as_ref()).of(quarantined.project).await?;
        Ok(NamedQuarantined { quarantined, project })
    }

    /// What became of each, in order.
    pub(crate) async fn replay(&self, caller: &Caller, ids: &[QuarantineId]) -> Result<Vec<Replay>, RpcError> {
        let mut replays = Vec::with_capacity(ids.len());
        for id in ids {
            let replay = match self.reached(caller, *id).await? {
                Some(_) => self.quarantine.replay(*id).await?,
                None => Replay::NotFound,
            };
            replays.push(replay);
        }
        Ok(replays)
    }

    /// How many there were.
    pub(crate) async fn delete(&self, caller: &Caller, ids: &[QuarantineId]) -> Result<i64, RpcError> {
        let mut reached = Vec::with_capacity(ids.len());
        for id in ids {
            if self.reached(caller, *id).await?.is_some() {
                reached.push(*id);
            }
        }
        let deleted = self.quarantine.delete_quarantined(&reached).await?;
        Ok(i64::try_from(deleted).unwrap_or(i64::MAX))
    }

    /// At least two where there are two, so that it is known whether more follow; and no more than a page holds, or one above.
    async fn read(
        &self,
        of: Option<ProjectId>,
        mut after: Option<QuarantineId>,
        limit: usize,
    ) -> Result<Vec<Quarantined>, RpcError> {
        let mut read: Vec<Quarantined> = Vec::new();
        loop {
            let wanted = READ_AT_ONCE.min(limit - read.len());
            let some = self.quarantine.list_quarantined(of, after, wanted).await?;
            let was_last = some.len() < wanted;
            read.extend(some);
            after = read.last().map(|last| last.id);
            if was_last || read.len() >= limit || fitting(&read) < read.len() {
                return Ok(read);
            }
        }
    }

    async fn reached(&self, caller: &Caller, id: QuarantineId) -> Result<Option<Quarantined>, RpcError> {
        let is_reached = |quarantined: &Quarantined| match caller.key().project {
            Some(own) => quarantined.project == Some(own),
            None => true,
        };
        Ok(self.quarantine.quarantined(id).await?.filter(is_reached))
    }
}

/// How many of these fit into a page; at least one.
fn fitting(read: &[Quarantined]) -> usize {
    let mut bytes = 0;
    let fits = read.iter().take_while(|quarantined| {
        bytes += quarantined.record.len() + quarantined.reason.len();
        bytes <= PAGE_BYTES
    });
    fits.count().max(1)
}
