-- What `relabel` of items/item.yaml would be by hand: the same rows, read models, events, log and answer, each in
-- one statement over the set. `bare` is its update on a copy of the table.
CREATE SCHEMA bare;
CREATE TABLE bare.tb_item (LIKE depot.tb_item INCLUDING ALL);

CREATE FUNCTION bare.relabel(input jsonb) RETURNS void LANGUAGE sql AS $$
    UPDATE bare.tb_item SET label = input ->> 'label', updated_at = now()
    WHERE lot = (input ->> 'lot')::integer AND deleted_at IS NULL
$$;

CREATE FUNCTION depot.hand_relabel(input jsonb) RETURNS app.mutation_result
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    r app.mutation_result;
    mutation uuid := gen_random_uuid();
    first uuid := gen_random_uuid();
    correlation uuid := gen_random_uuid();
    tenant uuid := app.current_tenant_id();
    rows depot.tb_item[];
    cascade jsonb;
BEGIN
    PERFORM set_config('app.mutation_id', mutation::text, true);
    PERFORM FROM depot.tb_item AS t WHERE t.lot = (input ->> 'lot')::integer AND t.deleted_at IS NULL
    ORDER BY t.pk_item FOR NO KEY UPDATE;
    WITH w AS (
        UPDATE depot.tb_item AS t SET label = input ->> 'label', updated_at = now()
        WHERE t.lot = (input ->> 'lot')::integer AND t.deleted_at IS NULL RETURNING t.*
    )
    SELECT array_agg(w::depot.tb_item ORDER BY w.pk_item) INTO rows FROM w;
    INSERT INTO depot.tv_item AS t (pk_item, id, tenant_id, data)
    SELECT i.pk_item, i.id, i.tenant_id, jsonb_build_object('id', i.id, 'identifier', i.identifier, 'lot', i.lot, 'label', i.label,
        'note', i.note, 'created_at', i.created_at, 'created_by', i.created_by, 'updated_at', i.updated_at, 'updated_by', i.updated_by)
    FROM unnest(rows) AS i
    ON CONFLICT (pk_item) DO UPDATE SET data = excluded.data, refreshed_at = now();
    SELECT jsonb_build_object(
        'updated', jsonb_agg(jsonb_build_object('__typename', 'Item', 'id', i.id, 'operation', 'UPDATED', 'entity',
            jsonb_build_object('__typename', 'Item', 'id', i.id, 'identifier', i.identifier, 'lot', i.lot, 'label', i.label, 'note', i.note,
                'createdAt', i.created_at, 'createdBy', i.created_by, 'updatedAt', i.updated_at, 'updatedBy', i.updated_by)) ORDER BY i.n),
        'deleted', '[]'::jsonb, 'invalidations', '[]'::jsonb,
        'metadata', jsonb_build_object('timestamp', app.iso_timestamp(clock_timestamp()), 'depth', 0, 'affectedCount', 500, 'truncated', true,
            'originalCount', cardinality(rows), 'eventId', first, 'transactionId', pg_current_xact_id()::text))
    INTO cascade FROM unnest(rows) WITH ORDINALITY AS i(pk_item, id, tenant_id, identifier, lot, label, note, created_at, created_by, updated_at, updated_by, deleted_at, deleted_by, n)
    WHERE i.n <= 500;
    INSERT INTO app.mutation_log (mutation_id, tenant_id, action, cascade_data, cascade_entities)
    VALUES (mutation, tenant, 'relabel', cascade, '{Item}');
    INSERT INTO app.outbox (id, aggregate_type, aggregate_id, event_type, event_payload, event_metadata, tenant_id, topic, partition_key, correlation_id)
    SELECT CASE WHEN i.n = 1 THEN first ELSE gen_random_uuid() END, 'Item', i.id, 'ItemRelabelled', jsonb_build_object('item',
            jsonb_build_object('id', i.id, 'identifier', i.identifier, 'lot', i.lot, 'label', i.label,
                'note', i.note, 'created_at', i.created_at, 'created_by', i.created_by, 'updated_at', i.updated_at, 'updated_by', i.updated_by)),
        jsonb_build_object('mutation', 'relabel', 'mutationId', mutation)
            || CASE WHEN i.n = 1 THEN jsonb_build_object('cascade', cascade -> 'updated') ELSE jsonb_build_object('cascadeEventId', first) END,
        tenant, 'depot.Item', i.id::text, correlation
    FROM unnest(rows) WITH ORDINALITY AS i(pk_item, id, tenant_id, identifier, lot, label, note, created_at, created_by, updated_at, updated_by, deleted_at, deleted_by, n);
    r.id := rows[1].id;
    r.status := 'success';
    r.message := 'Item updated';
    r.updated_fields := '{label}';
    r.object_data := cascade #> '{updated,0,entity}';
    r.extra_metadata := jsonb_build_object('_cascade', cascade);
    PERFORM set_config('app.mutation_id', '', true);
    RETURN r;
END $$;

INSERT INTO depot.tb_item (lot, label, note) SELECT g % 10, 'label', repeat('n', 120) FROM generate_series(1, 10000) AS g;
INSERT INTO bare.tb_item (lot, label, note) SELECT g % 10, 'label', repeat('n', 120) FROM generate_series(1, 10000) AS g;
SELECT depot.refresh_tv_item();
