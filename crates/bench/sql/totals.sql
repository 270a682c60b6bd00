-- A hash of a visitor is of one visitor day, so the hash alone tells visitors apart; a test of the generator holds it to that.
WITH marked AS (
    SELECT visitor, time, kind, interactive,
        coalesce(time - lag(time) OVER (PARTITION BY visitor ORDER BY time) > INTERVAL 30 MINUTE, true) AS opens
    FROM events
    WHERE visitor IS NOT NULL
),
numbered AS (
    SELECT *, sum(opens::INTEGER) OVER (PARTITION BY visitor ORDER BY time ROWS UNBOUNDED PRECEDING) AS number FROM marked
),
sessions AS (
    SELECT
        min(time) AS start,
        epoch_ms(max(time)) - epoch_ms(min(time)) AS duration_ms,
        count(*) FILTER (kind = 1) AS views,
        coalesce(bool_or(interactive) FILTER (kind <> 1), false) AS interacts,
        bool_or(kind = 3) AS converts
    FROM numbered
    GROUP BY visitor, number
),
of_sessions AS (
    SELECT
        count(*) AS sessions,
        avg((views = 1 AND NOT interacts)::INTEGER) AS bounce_rate,
        avg((duration_ms >= 10000 OR converts OR views >= 2)::INTEGER) AS engagement_rate,
        avg(duration_ms) AS session_duration,
        avg(views) AS views_per_session
    FROM sessions
    WHERE start >= TIMESTAMP '2026-03-01' AND start < TIMESTAMP '2026-03-31'
),
of_events AS (
    SELECT
        count(*) AS events,
        count(*) FILTER (kind = 1) AS views,
        count(DISTINCT visitor) AS visitors,
        count(DISTINCT "user") AS users
    FROM events
    WHERE time >= TIMESTAMP '2026-03-01' AND time < TIMESTAMP '2026-03-31'
)
SELECT events, views, visitors, users, sessions, bounce_rate, engagement_rate, session_duration, views_per_session
FROM of_events, of_sessions
