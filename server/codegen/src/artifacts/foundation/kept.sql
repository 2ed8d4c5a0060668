-- The invalidations of one specification as the audit may keep them: without the arguments whose values it
-- does not keep.
CREATE OR REPLACE FUNCTION app.kept_entries(spec$ jsonb, arguments$ jsonb) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
DECLARE
    entries$ jsonb := coalesce(spec$ -> 'invalidations', '[]'::jsonb);
    kept$ jsonb;
BEGIN
    FOR n$ IN 0 .. coalesce(jsonb_array_length(arguments$), 0) - 1 LOOP
        CONTINUE WHEN arguments$ -> n$ = 'null'::jsonb;
        kept$ := (arguments$ -> n$)
            - ARRAY(SELECT jsonb_array_elements_text(coalesce(spec$ -> 'private' -> n$::text, '[]'::jsonb)));
        IF kept$ <> '{}'::jsonb THEN
            entries$ := jsonb_set(entries$, ARRAY[n$::text, 'arguments'], kept$);
        END IF;
    END LOOP;
    RETURN entries$;
END
$specql$;

-- The same of an action and all that it called, in the order of its cascade.
CREATE OR REPLACE FUNCTION app.kept_invalidations(spec$ jsonb, work$ app.work) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $specql$
DECLARE
    entries$ jsonb := app.kept_entries(spec$, work$.arguments);
    call$ app.call;
BEGIN
    IF work$.calls IS NULL THEN
        RETURN entries$;
    END IF;
    FOREACH call$ IN ARRAY work$.calls LOOP
        entries$ := entries$ || app.kept_entries(call$.spec, call$.arguments);
    END LOOP;
    RETURN app.merge_invalidations(entries$, '{}'::app.call[]);
END
$specql$;
