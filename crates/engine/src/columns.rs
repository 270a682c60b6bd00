//! The columns of a day, out of the cache or the segment store.

use std::{collections::HashMap, sync::Arc};

use analytics_domain::ports::SegmentKey;
use analytics_segment::{Column, MergeError, decode};
use bytes::Bytes;

use crate::{
    cache::{DayKey, Origin},
    source::{Source, Sources, Trouble},
};

impl Sources {
    pub(crate) async fn columns(
        &self,
        day: DayKey,
        source: &Arc<Source>,
        names: &[String],
    ) -> Result<HashMap<String, Arc<Column>>, Trouble> {
        let mut found = HashMap::new();
        let mut missing = Vec::new();
        let (segment, origin) = match **source {
            Source::Segment(segment) => {
                let columns = self.segment_columns(segment, names).await?;
                let named = names.iter().cloned().zip(columns);
                return Ok(named.filter_map(|(name, column)| Some((name, column?))).collect());
            }
            Source::Merged { segment, .. } => (Some(segment), Origin::Merged),
            Source::Truth(_) => (None, Origin::Truth),
        };
        for name in names {
            match self.cache.day_column(day, origin, name) {
                Some(column) => found.extend(column.map(|column| (name.clone(), column))),
                None => missing.push(name.clone()),
            }
        }
        if missing.is_empty() {
            return Ok(found);
        }
        let of_segment = match segment {
            Some(segment) => self.segment_columns(segment, &missing).await?,
            None => vec![None; missing.len()],
        };
        let source = source.clone();
        let made = self
            .workers
            .run(move || {
                let columns = missing.into_iter().zip(of_segment);
                let make = |(name, of_segment): (String, Option<Arc<Column>>)| {
                    Ok((source.column(&name, of_segment.as_deref())?.map(Arc::new), name))
                };
                columns.map(make).collect::<Result<Vec<_>, MergeError>>()
            })
            .await?;
        for (column, name) in made {
            self.cache.put_day_column(day, origin, &name, column.clone());
            found.extend(column.map(|column| (name, column)));
        }
        Ok(found)
    }

    pub(crate) async fn segment_columns(
        &self,
        segment: SegmentKey,
        names: &[String],
    ) -> Result<Vec<Option<Arc<Column>>>, Trouble> {
        let mut columns: Vec<Option<Option<Arc<Column>>>> =
            names.iter().map(|name| self.cache.segment_column(segment, name)).collect();
        let unknown = names.iter().zip(&columns).filter(|(_, column)| column.is_none());
        let unknown: Vec<String> = unknown.map(|(name, _)| name.clone()).collect();
        if !unknown.is_empty() {
            let bytes = self.segments.read_columns(segment, &unknown).await?;
            if bytes.len() != unknown.len() {
                return Err(Trouble::Segment("it gave another number of columns".to_owned()));
            }
            let decoded = self.workers.run(move || decode_all(unknown, bytes)).await?;
            let mut decoded = decoded.into_iter();
            for column in columns.iter_mut().filter(|column| column.is_none()) {
                let Some((name, read)) = decoded.next() else { break };
                self.cache.put_segment_column(segment, &name, read.clone());
                *column = Some(read);
            }
        }
        Ok(columns.into_iter().map(Option::flatten).collect())
    }
}

type Decoded = Vec<(String, Option<Arc<Column>>)>;

fn decode_all(names: Vec<String>, bytes: Vec<Option<Bytes>>) -> Result<Decoded, Trouble> {
    let decode_one = |(name, bytes): (String, Option<Bytes>)| match bytes.map(|bytes| decode(&bytes)).transpose() {
        Ok(column) => Ok((name, column.map(Arc::new))),
        Err(error) => Err(Trouble::Segment(format!("column `{name}`: {error}"))),
    };
    names.into_iter().zip(bytes).map(decode_one).collect()
}
