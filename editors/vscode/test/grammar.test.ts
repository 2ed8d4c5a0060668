// The grammar, run by the tokenizer of VS Code. Each test shows a text and the scope of words in it.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { test } from 'node:test';

const require = createRequire(import.meta.url);
const oniguruma: typeof import('vscode-oniguruma') = require('vscode-oniguruma');
const textmate: typeof import('vscode-textmate') = require('vscode-textmate');

const grammarPath = new URL('../syntaxes/specql.tmLanguage.json', import.meta.url);
const wasm = await readFile(require.resolve('vscode-oniguruma/release/onig.wasm'));
await oniguruma.loadWASM(wasm);
const registry = new textmate.Registry({
  onigLib: Promise.resolve({
    createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
    createOnigString: (text) => new oniguruma.OnigString(text),
  }),
  loadGrammar: async () =>
    textmate.parseRawGrammar(await readFile(grammarPath, 'utf8'), 'specql.tmLanguage.json'),
});
const grammar = await registry.loadGrammar('source.specql');
assert.ok(grammar);

/** The innermost scope of every token, without its language suffix, by the token's text. */
function scopes(text: string): [string, string][] {
  let state = textmate.INITIAL;
  return text.split('\n').flatMap((line) => {
    const { tokens, ruleStack } = grammar!.tokenizeLine(line, state);
    state = ruleStack;
    return tokens.map(({ startIndex, endIndex, scopes }): [string, string] => [
      line.slice(startIndex, endIndex).trim(),
      (scopes.at(-1) ?? '').replace(/\.specql$/, ''),
    ]);
  });
}

function check(text: string, expected: Record<string, string>): void {
  const found = scopes(text);
  for (const [word, scope] of Object.entries(expected)) {
    const actual = found.filter(([token]) => token === word).map(([, name]) => name);
    assert.ok(actual.includes(scope), `\`${word}\` is [${actual}], not ${scope}, in\n${text}`);
  }
}

test('the head of a file', () => {
  check('entity: Post\nschema: blog\nauthor_note: hand made  # seen', {
    entity: 'keyword.other.block',
    Post: 'entity.name.type',
    schema: 'keyword.other.block',
    blog: 'entity.name.namespace',
    author_note: 'entity.name.tag',
    'hand made': 'string.unquoted.plain',
    '# seen': 'comment.line.number-sign',
  });
});

test('fields: names, types, nullability, defaults', () => {
  check('fields:\n  title: text!\n  update: integer = 0\n  company: ref(crm.Company)!\n', {
    title: 'variable.other.property',
    text: 'support.type.scalar',
    '!': 'keyword.operator.nullability',
    update: 'variable.other.property',
    '0': 'constant.numeric',
    ref: 'storage.type.ref',
    crm: 'entity.name.namespace',
    Company: 'entity.name.type',
  });
  check('fields:\n  status: enum(draft, live) = draft!\n  tags: list(text)\n  at: SimpleAddress', {
    enum: 'storage.type.enum',
    live: 'variable.other.enummember',
    '=': 'keyword.operator.assignment',
    '!': 'keyword.operator.nullability',
    list: 'storage.type.list',
    SimpleAddress: 'support.type.composite',
  });
});

test('a field in long form, and the end of the fields', () => {
  check('fields:\n  kind:\n    type: enum(a, b)\n    description: what it is\nactions:\n  - name: go', {
    kind: 'variable.other.property',
    type: 'keyword.other.key',
    a: 'variable.other.enummember',
    'what it is': 'string.unquoted.plain',
    actions: 'keyword.other.block',
    go: 'entity.name.function',
  });
  check('fields:\n  price: {type: money, nullable: false}', {
    money: 'support.type.scalar',
    nullable: 'keyword.other.key',
    false: 'constant.language',
  });
});

test('steps and their statements', () => {
  check("    steps:\n      - update: User SET post_count = post_count + 1 WHERE id = input.author AND state != 'x'", {
    steps: 'keyword.other.block',
    '-': 'punctuation.definition.block.sequence.item',
    update: 'keyword.control.step',
    User: 'entity.name.type',
    SET: 'keyword.other.statement',
    post_count: 'variable.other',
    '+': 'keyword.operator',
    input: 'variable.language',
    author: 'variable.other.property',
    "'x'": 'string.quoted.single.sql',
  });
  check('      - validate: "status = \'draft\' and lower(title) is not null"', {
    "'draft'": 'string.quoted.single.sql',
    and: 'keyword.other.statement',
    lower: 'entity.name.function',
    null: 'constant.language',
  });
  check('      - validate: sent_at AT TIME ZONE zone IS NOT DISTINCT FROM to.at', {
    'AT TIME ZONE': 'keyword.other.statement',
    'DISTINCT FROM': 'keyword.other.statement',
    to: 'variable.other',
    at: 'variable.other.property',
  });
  check('      - if: a > 1\n        then:\n          - insert: Post', {
    if: 'keyword.control.step',
    then: 'keyword.control.step',
    insert: 'keyword.control.step',
    Post: 'entity.name.type',
  });
});

test('impact and cdc', () => {
  check('    impact:\n      side_effects:\n        - entity: User\n          operation: UPDATE\n          fields: [post_count]', {
    impact: 'keyword.other.block',
    side_effects: 'keyword.other.block',
    User: 'entity.name.type',
    operation: 'keyword.other.key',
    UPDATE: 'constant.language',
    post_count: 'string.unquoted.plain',
  });
  check('    cdc:\n      enabled: true\n      event_type: PostCreated\n      version: 2', {
    cdc: 'keyword.other.block',
    true: 'constant.language',
    PostCreated: 'entity.name.type.event',
    '2': 'constant.numeric',
  });
});

test('block scalars end with their indentation', () => {
  check('description: |\n  update: no step\n\n  # no comment\nentity: Post', {
    'update: no step': 'string.unquoted.block',
    '# no comment': 'string.unquoted.block',
    Post: 'entity.name.type',
  });
  check('      - validate: >\n          status IN (1)\n        error: broken', {
    IN: 'keyword.other.statement',
    error: 'keyword.other.key',
  });
});

test('quotes, escapes and suppressions', () => {
  check('reason: "it\\\'s # here"  # specql: allow(phantom-side-effect) known', {
    'it': 'string.quoted.double',
    "\\'": 'constant.character.escape',
    'phantom-side-effect': 'constant.other.rule',
    allow: 'keyword.other.suppression',
  });
});

test('what a field says besides its type', () => {
  check('fields:\n  slug:\n    type: slug\n    nullable: false\n    unique: true\n    default: 3\n    max: 9', {
    nullable: 'keyword.other.key',
    unique: 'keyword.other.key',
    false: 'constant.language',
    true: 'constant.language',
    '3': 'constant.numeric',
    max: 'keyword.other.key',
  });
  check('fields:\n  slug: {type: text, unique: true, default: none}', {
    unique: 'keyword.other.key',
    true: 'constant.language',
    none: 'string.unquoted.plain',
  });
  check('fields:\n  owner:\n    type: ref\n    entity: User', { User: 'entity.name.type' });
  check('fields:\n  tags:\n    type: list\n    items: text', { items: 'keyword.other.key', text: 'support.type.scalar' });
});

test('values of enums, and a default among them', () => {
  for (const mark of ['', '!']) {
    check(`fields:\n  status: enum(open, done)${mark} = later!`, {
      open: 'variable.other.enummember',
      later: 'variable.other.enummember',
      '=': 'keyword.operator.assignment',
    });
  }
  check('fields:\n  status:\n    type: enum\n    values: [open, done]\n  size:\n    type: enum\n    values:\n      - tiny\n  title: text', {
    open: 'variable.other.enummember',
    done: 'variable.other.enummember',
    tiny: 'variable.other.enummember',
    title: 'variable.other.property',
  });
});

test('assignments as a mapping', () => {
  const words = {
    total: 'variable.other.property',
    price: 'variable.other',
    '*': 'keyword.operator',
    now: 'entity.name.function',
    "'x'": 'string.quoted.single.sql',
    where: 'keyword.other.key',
    id: 'variable.other',
  };
  check("      - update:\n          entity: Post\n          set:\n            total: price * 2\n            at: now()\n            kind: \"'x'\"\n          where: id = 1", words);
  check("      - update: {entity: Post, set: {total: price * 2, at: now(), kind: \"'x'\"}, where: id = 1}", {
    ...words,
    Post: 'entity.name.type',
  });
});

test('entities in flow style and in lists', () => {
  check('    impact: {primary: {entity: Post, operation: CREATE}, side_effects: [{entity: crm.User, operation: UPDATE}]}', {
    primary: 'keyword.other.block',
    Post: 'entity.name.type',
    crm: 'entity.name.namespace',
    User: 'entity.name.type',
    CREATE: 'constant.language',
  });
  check('      include_entities: [Post, crm.User]', { Post: 'entity.name.type', User: 'entity.name.type' });
  check('      include_entities:\n        - Post\n        - crm.User\n      max_entities: 5', {
    Post: 'entity.name.type',
    User: 'entity.name.type',
    max_entities: 'keyword.other.key',
    '5': 'constant.numeric',
  });
  check('      - {validate: status = \'open\' AND total > 1, error: closed}', {
    validate: 'keyword.control.step',
    AND: 'keyword.other.statement',
    "'open'": 'string.quoted.single.sql',
    error: 'keyword.other.key',
    closed: 'string.unquoted.plain',
  });
});
