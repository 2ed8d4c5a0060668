-- What a caller sees of an action that was undone: the code, the message, and a cascade that says
-- nothing changed. Errors that end the transaction or need another attempt are none of them.
CREATE OR REPLACE FUNCTION app.mutation_failed(
    p_sqlstate text,
    p_message text,
    p_code text,
    p_field text,
    p_constraint text,
    p_metadata jsonb,
    p_cascade boolean DEFAULT true
) RETURNS app.mutation_result
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $specql$
DECLARE
    v_code text;
    v_result app.mutation_result;
BEGIN
    v_code := CASE
        WHEN p_sqlstate = 'SPQ01' THEN p_code
        WHEN p_sqlstate = 'P0002' THEN 'not_found'
        WHEN p_sqlstate = 'P0001' THEN 'rejected'
        WHEN p_sqlstate = '42501' THEN 'forbidden'
        WHEN p_sqlstate IN ('23502', '23514') THEN 'validation'
        WHEN p_sqlstate LIKE '22%' THEN 'validation'
        ELSE 'conflict'
    END;
    v_result.updated_fields := '{}';
    v_result.status := 'failed:' || v_code;
    v_result.message := p_message;
    v_result.extra_metadata := jsonb_strip_nulls(jsonb_build_object(
        '_error', jsonb_build_object(
            'code', v_code,
            'field', regexp_replace(nullif(p_field, ''), '^fk_', ''),
            'constraint', nullif(p_constraint, '')
        )
    ));
    IF p_cascade THEN
        v_result.extra_metadata := v_result.extra_metadata
            || jsonb_build_object('_cascade', app.cascade_build('{}', '{}', '{}', 0, p_metadata));
    END IF;
    RETURN v_result;
END
$specql$;
