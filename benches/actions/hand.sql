-- What `create_post` of examples/blog would be by hand: the same rows, read models, events, log and answer.
-- `bare` is its two statements on copies of the tables, with nothing beside them.
CREATE SCHEMA bare;
CREATE TABLE bare.tb_user (LIKE blog.tb_user INCLUDING ALL);
CREATE TABLE bare.tb_post (LIKE blog.tb_post INCLUDING ALL);

CREATE FUNCTION bare.create_post(input jsonb) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
    author integer;
    made uuid;
BEGIN
    SELECT u.pk_user INTO author FROM bare.tb_user AS u WHERE u.id = (input ->> 'authorId')::uuid;
    INSERT INTO bare.tb_post (title, slug, content, fk_author)
    VALUES (input ->> 'title', input ->> 'slug', input ->> 'content', author) RETURNING id INTO made;
    UPDATE bare.tb_user SET post_count = post_count + 1, updated_at = now() WHERE pk_user = author;
    RETURN made;
END $$;

CREATE FUNCTION blog.hand_create_post(input jsonb) RETURNS app.mutation_result
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    r app.mutation_result;
    mutation uuid := gen_random_uuid();
    event uuid := gen_random_uuid();
    correlation uuid := coalesce(app.current_correlation_id(), gen_random_uuid());
    tenant uuid := app.current_tenant_id();
    usr uuid := app.current_user_id();
    trace text := coalesce(app.current_traceparent(), app.new_traceparent());
    u blog.tb_user;
    p blog.tb_post;
    user_row jsonb;
    user_entity jsonb;
    post_row jsonb;
    post_entity jsonb;
    cascade jsonb;
BEGIN
    PERFORM set_config('app.mutation_id', mutation::text, true);
    BEGIN
        SELECT * INTO u FROM blog.tb_user WHERE id = (input ->> 'authorId')::uuid AND deleted_at IS NULL FOR NO KEY UPDATE;
        IF NOT FOUND OR u.role NOT IN ('author', 'editor') THEN
            RAISE EXCEPTION USING ERRCODE = 'SPQ01';
        END IF;
        INSERT INTO blog.tb_post (title, slug, content, status, fk_author, created_by, updated_by)
        VALUES (input ->> 'title', input ->> 'slug', input ->> 'content', coalesce(input ->> 'status', 'draft'), u.pk_user, usr, usr)
        RETURNING * INTO p;
        UPDATE blog.tb_user SET post_count = post_count + 1, updated_at = now(), updated_by = usr WHERE pk_user = u.pk_user RETURNING * INTO u;
        user_row := jsonb_build_object('id', u.id, 'identifier', u.identifier, 'name', u.name, 'email', u.email, 'role', u.role,
            'post_count', u.post_count, 'created_at', u.created_at, 'created_by', u.created_by, 'updated_at', u.updated_at, 'updated_by', u.updated_by);
        user_entity := jsonb_build_object('__typename', 'User', 'id', u.id, 'identifier', u.identifier, 'name', u.name, 'email', u.email, 'role', u.role,
            'postCount', u.post_count, 'createdAt', u.created_at, 'createdBy', u.created_by, 'updatedAt', u.updated_at, 'updatedBy', u.updated_by);
        post_row := jsonb_build_object('id', p.id, 'identifier', p.identifier, 'title', p.title, 'slug', p.slug, 'content', p.content, 'status', p.status,
            'published_at', p.published_at, 'author', jsonb_build_object('__typename', 'User', 'id', u.id),
            'created_at', p.created_at, 'created_by', p.created_by, 'updated_at', p.updated_at, 'updated_by', p.updated_by);
        post_entity := jsonb_build_object('__typename', 'Post', 'id', p.id, 'identifier', p.identifier, 'title', p.title, 'slug', p.slug, 'content', p.content,
            'status', p.status, 'publishedAt', p.published_at, 'author', jsonb_build_object('__typename', 'User', 'id', u.id),
            'createdAt', p.created_at, 'createdBy', p.created_by, 'updatedAt', p.updated_at, 'updatedBy', p.updated_by);
        INSERT INTO blog.tv_post AS t (pk_post, id, tenant_id, data) VALUES (p.pk_post, p.id, p.tenant_id, post_row)
        ON CONFLICT (pk_post) DO UPDATE SET data = excluded.data, refreshed_at = now();
        INSERT INTO blog.tv_user AS t (pk_user, id, tenant_id, data) VALUES (u.pk_user, u.id, u.tenant_id, user_row)
        ON CONFLICT (pk_user) DO UPDATE SET data = excluded.data, refreshed_at = now();
        cascade := jsonb_build_object(
            'updated', jsonb_build_array(
                jsonb_build_object('__typename', 'Post', 'id', p.id, 'operation', 'CREATED', 'entity', post_entity),
                jsonb_build_object('__typename', 'User', 'id', u.id, 'operation', 'UPDATED', 'entity', user_entity)),
            'deleted', '[]'::jsonb,
            'invalidations', jsonb_build_array(
                jsonb_build_object('queryName', 'userPosts', 'strategy', 'REFETCH', 'scope', 'EXACT', 'arguments', jsonb_build_object('author', u.id)),
                jsonb_build_object('queryName', 'posts', 'strategy', 'INVALIDATE', 'scope', 'PREFIX')),
            'metadata', jsonb_build_object('timestamp', app.iso_timestamp(clock_timestamp()), 'depth', 1, 'affectedCount', 2,
                'eventId', event, 'transactionId', pg_current_xact_id()::text));
        INSERT INTO app.mutation_log (mutation_id, tenant_id, action, entity, entity_id, cascade_data, cascade_entities, changed_by,
            change_reason, correlation_id, causation_id, event_id, traceparent)
        VALUES (mutation, tenant, 'create_post', 'Post', p.id, cascade #- '{updated,1,entity,email}', '{Post,User}', usr,
            app.current_change_reason(), correlation, app.current_causation_id(), event, trace);
        INSERT INTO app.outbox (id, aggregate_type, aggregate_id, event_type, event_payload, event_metadata, tenant_id, topic, partition_key,
            correlation_id, causation_id, trace_id, traceparent)
        VALUES (event, 'Post', p.id, 'PostCreated', jsonb_build_object('post', post_row, 'author', user_row),
                jsonb_build_object('mutation', 'create_post', 'mutationId', mutation, 'affectedEntities', '["Post", "User"]'::jsonb, 'version', 1,
                    'cascade', cascade -> 'updated'),
                tenant, 'blog.Post', p.id::text, correlation, app.current_causation_id(), split_part(trace, '-', 2), trace),
            (gen_random_uuid(), 'User', u.id, 'UserPostCountChanged', jsonb_build_object('user', user_row),
                jsonb_build_object('mutation', 'create_post', 'mutationId', mutation, 'affectedEntities', '["Post", "User"]'::jsonb, 'version', 1,
                    'cascadeEventId', event),
                tenant, 'blog.User', u.id::text, correlation, event, split_part(trace, '-', 2), trace);
        r.id := p.id;
        r.status := 'success';
        r.message := 'Post created';
        r.updated_fields := '{title,slug,content,author}';
        r.object_data := post_entity || jsonb_build_object('author', user_entity);
        r.extra_metadata := jsonb_build_object('_cascade', cascade, 'updatedAuthors', jsonb_build_array(user_entity), '_meta', jsonb_build_object(
            'primary_entity', jsonb_build_object('entity_type', 'Post', 'operation', 'CREATE', 'modified_fields', r.updated_fields),
            'actual_side_effects', '[{"entity_type": "User", "operation": "UPDATE", "modified_fields": ["post_count"]}]'::jsonb,
            'cache_invalidations', jsonb_build_array(
                jsonb_build_object('query', 'userPosts', 'filter', jsonb_build_object('author', u.id), 'strategy', 'REFETCH',
                    'reason', 'the author''s list has one more post'),
                jsonb_build_object('query', 'posts', 'filter', NULL, 'strategy', 'INVALIDATE', 'reason', 'the lists have one more post'))));
    EXCEPTION WHEN SQLSTATE 'SPQ01' THEN
        r.status := 'failed:not_an_author';
    END;
    PERFORM set_config('app.mutation_id', '', true);
    RETURN r;
END $$;

INSERT INTO blog.tb_user (name, email, role) SELECT 'u' || g, 'u' || g || '@example.com', 'author' FROM generate_series(1, 200) AS g;
INSERT INTO bare.tb_user (id, name, email, role) SELECT u.id, u.name, u.email, u.role FROM blog.tb_user AS u;
SELECT blog.refresh_tv_user();
CREATE TABLE bare.author AS SELECT row_number() OVER () AS n, u.id FROM blog.tb_user AS u;
CREATE UNIQUE INDEX ON bare.author (n);
