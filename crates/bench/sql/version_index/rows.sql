-- Rows in the order of their commits. Rounds of 10,000 follow each other: one commit of 5,000 rows of the hot project 1, then 20 commits
-- of 250 rows of the projects 2 to 200 in turn. $rounds rounds make a day, and there are $days: the last two are in a chunk of their own.
CREATE UNLOGGED TABLE rows AS
SELECT
    numbered.number,
    project_id,
    DATE '2026-03-03' + day AS visitor_day,
    CASE WHEN place < 5000 THEN round + 1 ELSE cold_commit / 199 + 1 END::bigint AS version,
    CASE WHEN place < 5000 THEN place ELSE (place - 5000) % 250 END::integer AS ordinal,
    number / 250 AS entry_id,
    -- A UUIDv7: the claimed milliseconds, then random bits.
    (lpad(to_hex((extract(epoch FROM occurred_at) * 1000)::bigint), 12, '0') || '7' || substr(hash, 1, 3) || 'a' || substr(hash, 4, 15))::uuid AS event_id,
    occurred_at,
    occurred_at AS time,
    (1 + random % 3)::smallint AS kind,
    CASE random % 3 WHEN 0 THEN 'page_view' WHEN 1 THEN 'click' ELSE 'sign_up' END AS name,
    ('x' || substr(md5((random % 50000)::text), 1, 16))::bit(64)::bigint AS visitor_hash,
    random % 2 = 0 AS interactive,
    'shop.example.com' AS host,
    '/products/category-' || random % 12 || '/item-' || random % 4000 AS page,
    CASE WHEN random % 5 < 3 THEN 'www.google.com' END AS referrer,
    'Mobile Safari' AS browser,
    'iOS' AS os,
    2::smallint AS device,
    'en-GB' AS language,
    '{"variant": "treatment"}'::jsonb AS properties
FROM (
    SELECT
        placed.*,
        CASE WHEN place < 5000 THEN 1 ELSE 2 + cold_commit % 199 END::bigint AS project_id,
        -- Up to a minute before it arrived.
        TIMESTAMPTZ '2026-03-03 00:00Z' + INTERVAL '1 day' * (day + (round + place / 10000.0) / $rounds)
            - INTERVAL '1 microsecond' * (random % 60000000) + INTERVAL '1 minute' AS occurred_at
    FROM (
        SELECT
            number,
            (number / (10000 * $rounds))::integer AS day,
            number / 10000 % $rounds AS round,
            number % 10000 AS place,
            (number / 10000 % $rounds) * 20 + (number % 10000 - 5000) / 250 AS cold_commit,
            md5(number::text) AS hash,
            hashint8extended(number, 1) & 9223372036854775807 AS random
        FROM generate_series(0, $rounds * $days * 10000::bigint - 1) AS number
    ) AS placed
) AS numbered;
