-- What a caller sees of an action that was undone: the code, the message, and a cascade that says
-- nothing changed. Errors that end the transaction or need another attempt are none of them.
CREATE OR REPLACE FUNCTION app.mutation_failed(
    p_sqlstate text,
    p_message text,
    p_code text,
    p_field text,
    p_constraint text,
    p_table text,
    p_metadata jsonb,
    p_cascade boolean DEFAULT true
) RETURNS app.mutation_result
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $specql$
DECLARE
    v_code text;
    v_field text;
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
    -- A constraint that SpecQL named ends in its field: chk_tb_post_status_enum, uq_tb_post_slug.
    v_field := CASE
        WHEN p_field <> '' THEN regexp_replace(p_field, '^fk_', '')
        WHEN starts_with(p_constraint, 'uq_' || p_table || '_')
            THEN substr(p_constraint, length('uq_' || p_table || '_') + 1)
        WHEN starts_with(p_constraint, 'chk_' || p_table || '_')
            THEN regexp_replace(
                substr(p_constraint, length('chk_' || p_table || '_') + 1),
                '_(enum|pattern|range|bounds)$', ''
            )
        WHEN starts_with(p_constraint, p_table || '_fk_')
            THEN regexp_replace(substr(p_constraint, length(p_table || '_fk_') + 1), '_fkey$', '')
    END;
    v_result.updated_fields := '{}';
    v_result.status := 'failed:' || v_code;
    v_result.message := p_message;
    v_result.extra_metadata := jsonb_strip_nulls(jsonb_build_object(
        '_error', jsonb_build_object(
            'code', v_code,
            'field', v_field,
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
