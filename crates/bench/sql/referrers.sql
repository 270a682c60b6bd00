WITH marked AS (
    SELECT visitor, time, kind, interactive, referrer,
        coalesce(time - lag(time) OVER (PARTITION BY visitor ORDER BY time) > INTERVAL 30 MINUTE, true) AS opens
    FROM events
    WHERE visitor IS NOT NULL
),
numbered AS (
    SELECT *, sum(opens::INTEGER) OVER (PARTITION BY visitor ORDER BY time ROWS UNBOUNDED PRECEDING) AS number FROM marked
),
sessions AS (
    SELECT
        arg_min_null(referrer, epoch_ms(time) + (kind <> 1)::BIGINT * 1000000000000) AS referrer,
        count(*) FILTER (kind = 1) AS views,
        coalesce(bool_or(interactive) FILTER (kind <> 1), false) AS interacts
    FROM numbered
    GROUP BY visitor, number
    HAVING min(time) >= TIMESTAMP '2026-03-01' AND min(time) < TIMESTAMP '2026-03-31'
)
SELECT referrer, count(*) AS sessions, avg((views = 1 AND NOT interacts)::INTEGER) AS bounce_rate
FROM sessions
GROUP BY referrer
ORDER BY sessions DESC, referrer NULLS LAST
