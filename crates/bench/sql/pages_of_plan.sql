SELECT page, count(*) AS events, count(*) FILTER (kind = 1) AS views, count(DISTINCT visitor) AS visitors
FROM events
WHERE time >= TIMESTAMP '2026-03-01' AND time < TIMESTAMP '2026-03-31'
    AND plan = 'pro' AND variant = 'treatment'
GROUP BY page
ORDER BY events DESC, page
