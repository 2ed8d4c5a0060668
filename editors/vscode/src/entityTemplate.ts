// A first file of an entity, and what may be in it. Its action is not called `create_…`: for that name
// released generators write steps of their own.

export interface NewEntity {
  readonly name: string;
  readonly schema: string;
}

/** Why a name is none for an entity; nothing when it is one. */
export function nameProblem(name: string): string | undefined {
  return /^[A-Z][A-Za-z0-9]*$/.test(name)
    ? undefined
    : 'an entity is called in PascalCase, with letters and digits: `OrderLine`';
}

export function schemaProblem(schema: string): string | undefined {
  return /^[a-z][a-z0-9_]*$/.test(schema)
    ? undefined
    : 'a schema is called in snake_case, with letters and digits: `crm`';
}

export function snakeCase(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])|([A-Z])(?=[A-Z][a-z])/g, (_, small?: string, big?: string, last?: string) =>
      small === undefined ? `${last}_` : `${small}_${big}`,
    )
    .toLowerCase();
}

export function entityText({ name, schema }: NewEntity): string {
  return `entity: ${name}
schema: ${schema}

fields:
  name: text!

actions:
  - name: add_${snakeCase(name)}
    steps:
      - insert: ${name}
    impact:
      primary:
        entity: ${name}
        operation: CREATE
        fields: [name]
`;
}
