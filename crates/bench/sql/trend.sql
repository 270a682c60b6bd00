WITH opening AS (
    SELECT time, lag(time) OVER (PARTITION BY visitor ORDER BY time) AS previous
    FROM events
    WHERE visitor IS NOT NULL
),
sessions AS (
    SELECT time::DATE AS day, count(*) AS sessions
    FROM opening
    WHERE previous IS NULL OR time - previous > INTERVAL 30 MINUTE
    GROUP BY day
),
views AS (
    SELECT time::DATE AS day, count(*) FILTER (kind = 1) AS views, count(DISTINCT visitor) AS visitors
    FROM events
    WHERE time >= TIMESTAMP '2026-03-01' AND time < TIMESTAMP '2026-03-31'
    GROUP BY day
)
SELECT epoch_ms(day::TIMESTAMP), coalesce(views, 0), coalesce(visitors, 0), coalesce(sessions, 0)
FROM (SELECT unnest(range(DATE '2026-03-01', DATE '2026-03-31', INTERVAL 1 DAY))::DATE AS day)
LEFT JOIN views USING (day)
LEFT JOIN sessions USING (day)
ORDER BY day
