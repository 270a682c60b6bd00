WITH by_page AS (
    SELECT page, count(*) FILTER (kind = 1) AS views, count(DISTINCT visitor) AS visitors
    FROM events
    WHERE time >= TIMESTAMP '2026-03-01' AND time < TIMESTAMP '2026-03-31'
    GROUP BY page
),
top AS (
    SELECT * FROM by_page WHERE views > 0 ORDER BY views DESC, page LIMIT 10
),
others AS (
    SELECT (count(DISTINCT page) || ' others') AS page, count(*) FILTER (kind = 1) AS views, count(DISTINCT visitor) AS visitors
    FROM events
    WHERE time >= TIMESTAMP '2026-03-01' AND time < TIMESTAMP '2026-03-31' AND page NOT IN (SELECT page FROM top)
),
answer AS (
    SELECT 0 AS place, * FROM top UNION ALL SELECT 1, * FROM others
)
SELECT page, views, visitors FROM answer ORDER BY place, views DESC, page
