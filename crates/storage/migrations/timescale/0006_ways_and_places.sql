-- By what way a visitor came, and from where. NULL in all that was stored before: a column that may be NULL and has no default changes the
-- catalog alone, of each chunk too, and rewrites no row, neither of a compressed chunk.

ALTER TABLE events
    -- The name of the click id that the URL carried, such as `gclid`. Its value names a click, so it is never kept.
    ADD COLUMN click_id text,
    -- 1 direct, 2 internal, 3 organic search, 4 paid search, 5 organic social, 6 paid social, 7 organic video, 8 paid video, 9 email,
    -- 10 AI assistant, 11 referral, 12 paid other, 13 display, 14 affiliate, 15 other campaign. The numbers never change.
    ADD COLUMN channel smallint,
    -- ISO 3166-1 alpha-2, and the names of the region and the city.
    ADD COLUMN country text,
    ADD COLUMN region text,
    ADD COLUMN city text;
