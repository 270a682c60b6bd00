//! Turns the behaviours of a port into tests of one implementation.

/// One test for each behaviour of a suite; a behaviour that hangs fails.
#[doc(hidden)]
#[macro_export]
macro_rules! port_behaviours {
    ($suite:ident, $make:path: $($behaviour:ident),+ $(,)?) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $behaviour() {
                let limit = ::std::time::Duration::from_secs(60);
                tokio::time::timeout(limit, $crate::$suite::$behaviour($make)).await.expect("the behaviour hung");
            }
        )+
    };
}
