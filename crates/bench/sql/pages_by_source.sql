-- Every event has the referrer of its session's first view, or first event where there is no view; without a session its own.
WITH marked AS (
    SELECT visitor, time, kind, page, referrer,
        coalesce(time - lag(time) OVER (PARTITION BY visitor ORDER BY time) > INTERVAL 30 MINUTE, true) AS opens
    FROM events
    WHERE visitor IS NOT NULL AND browser = 'Chrome'
),
numbered AS (
    SELECT *, sum(opens::INTEGER) OVER (PARTITION BY visitor ORDER BY time ROWS UNBOUNDED PRECEDING) AS number FROM marked
),
chosen AS (
    SELECT visitor, number
    FROM numbered
    GROUP BY visitor, number
    HAVING arg_min_null(referrer, epoch_ms(time) + (kind <> 1)::BIGINT * 1000000000000) = 'google.com'
),
passing AS (
    SELECT time, kind, page, visitor FROM numbered SEMI JOIN chosen USING (visitor, number)
    UNION ALL
    SELECT time, kind, page, NULL FROM events
    WHERE visitor IS NULL AND browser = 'Chrome' AND referrer = 'google.com'
)
SELECT page, count(*) AS events, count(*) FILTER (kind = 1) AS views, count(DISTINCT visitor) AS visitors
FROM passing
WHERE time >= TIMESTAMP '2026-03-01' AND time < TIMESTAMP '2026-03-31'
GROUP BY page
ORDER BY events DESC, page
