import assert from 'node:assert/strict';
import { test } from 'node:test';

import { isConfigFile, isEntityFile } from '../src/entityFile.ts';

test('a root key `entity` makes a YAML file SpecQL, wherever it stands', () => {
  for (const text of [
    'entity: Post\n',
    '# blog\n---\nschema: blog\nentity: Post',
    'entity:\n  name: Post',
    '"entity" : Post',
    'schema: blog\r\nentity: Post\r\n',
  ]) {
    assert.equal(isEntityFile(text), true, text);
  }
});

test('other YAML stays YAML', () => {
  for (const text of [
    '',
    'services:\n  entity: Post',
    'entity_type: Post',
    '- entity: Post',
    'entity:Post',
    '# entity: Post',
  ]) {
    assert.equal(isEntityFile(text), false, text);
  }
});

test('the config file is known by its name', () => {
  assert.equal(isConfigFile('/code/specql.config.yaml'), true);
  assert.equal(isConfigFile('C:\\code\\specql.config.yml'), true);
  assert.equal(isConfigFile('/code/my.specql.config.yaml'), false);
});
