//! What a suite is given for each case.

use std::{any::Any, sync::Arc};

/// An implementation of a port with nothing in it, and whatever has to outlive it, such as its directory or database.
pub struct Fresh<T: ?Sized> {
    /// The implementation.
    pub store: Arc<T>,
    _keep: Box<dyn Any + Send>,
}

impl<T: ?Sized> Fresh<T> {
    /// Keeps `keep` until the case is over and the store is dropped.
    pub fn new(store: Arc<T>, keep: impl Any + Send) -> Self {
        Self { store, _keep: Box::new(keep) }
    }
}

/// Defines the macro by which another crate runs a suite: one test for each case, each with a fresh store. The leading `$` is the
/// dollar sign of the inner macro.
macro_rules! suite {
    ($dollar:tt $(#[$doc:meta])* $name:ident of $module:ident: $($case:ident),+ $(,)?) => {
        $(#[$doc])*
        #[macro_export]
        macro_rules! $name {
            ($dollar fresh:path) => {
                $(
                    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                    async fn $case() {
                        let fresh = $dollar fresh().await;
                        $crate::$module::$case(&fresh.store).await;
                    }
                )+
            };
        }
    };
}

pub(crate) use suite;
