-- A visitor keeps the same browser, so that of an event is that of its session.
SELECT page, count(*) AS events, count(*) FILTER (kind = 1) AS views, count(DISTINCT visitor) AS visitors
FROM events
WHERE time >= TIMESTAMP '2026-03-01' AND time < TIMESTAMP '2026-03-31'
    AND browser = 'Firefox' AND variant = 'treatment'
GROUP BY page
ORDER BY events DESC, page
