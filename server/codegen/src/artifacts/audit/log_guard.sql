CREATE OR REPLACE TRIGGER audit_guard BEFORE UPDATE OR DELETE ON app.mutation_log
FOR EACH ROW EXECUTE FUNCTION app.audit_guard();

CREATE OR REPLACE TRIGGER audit_guard_truncate BEFORE TRUNCATE ON app.mutation_log
FOR EACH STATEMENT EXECUTE FUNCTION app.audit_guard();

ALTER TABLE app.mutation_log ENABLE ALWAYS TRIGGER audit_guard, ENABLE ALWAYS TRIGGER audit_guard_truncate;
