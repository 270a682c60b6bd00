WITH opening AS (
    SELECT time, coalesce(time - lag(time) OVER (PARTITION BY visitor ORDER BY time) > INTERVAL 30 MINUTE, true) AS opens
    FROM events
    WHERE visitor IS NOT NULL
),
sessions AS (
    SELECT time_bucket(INTERVAL 1 DAY, time) AS day, count(*) AS sessions FROM opening WHERE opens GROUP BY day
),
views AS (
    SELECT time_bucket(INTERVAL 1 DAY, time) AS day, count(*) FILTER (kind = 1) AS views, count(DISTINCT visitor) AS visitors
    FROM events
    WHERE time >= TIMESTAMP '2026-03-01' AND time < TIMESTAMP '2026-03-31'
    GROUP BY day
)
SELECT epoch_ms(day), coalesce(views, 0), coalesce(visitors, 0), coalesce(sessions, 0)
FROM range(TIMESTAMP '2026-03-01', TIMESTAMP '2026-03-31', INTERVAL 1 DAY) AS days(day)
LEFT JOIN views USING (day)
LEFT JOIN sessions USING (day)
ORDER BY day
