//! The trace in memory.

use std::sync::Arc;

use analytics_domain::{ManualClock, ports::TraceLog};
use analytics_stream::{TraceLogOptions, local::LocalTraceLog};
use analytics_testkit::trace_log::{TraceBounds, TraceFixture};

struct Local(LocalTraceLog);

impl TraceFixture for Local {
    fn log(&self) -> Arc<dyn TraceLog> {
        Arc::new(self.0.clone())
    }
}

async fn fresh_log(bounds: TraceBounds, clock: Arc<ManualClock>) -> Local {
    let TraceBounds { max_project_bytes, max_bytes } = bounds;
    Local(LocalTraceLog::new(TraceLogOptions { max_project_bytes, max_bytes }, clock))
}

analytics_testkit::trace_log_suite!(fresh_log);
