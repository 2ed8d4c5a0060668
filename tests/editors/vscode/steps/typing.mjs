// An action typed from nothing, letter by letter, with Enter at the end of each line and every setting
// as it comes; then the file is compared. What a person does about indentation is all that is added:
// Backspace to go back a level.

import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const PAUSE = 35; // milliseconds between two letters
/** Proposals come meanwhile, and Enter must not take one that nobody chose. */
const BEFORE_ENTER = 300;
/** How long a proposal is looked for before the next letter; a busy machine needs it. */
const LOOK = 30_000;

const HEAD = `entity: Tag
schema: blog

fields:
  name: text!
  post: ref(Post)!
  uses: integer = 0!

`;

/** A `¦` is where a person looks at the proposals: the word behind it, which is typed on, is among them. */
const TYPED = `actions:
  - name: create_tag
    description: Tag a post
    steps:
      - validate: n¦name IS NOT NULL
        error: name_required
      - validate: post.st¦status = 'draft'
      - if: uses > 3
        then:
          - reject: too_often
      - insert: T¦Tag
      - update: P¦Post SET ti¦title = 'x' WHERE id = input.p¦post
    impact:
      primary:
        entity: Tag
        operation: C¦CREATE
        fields: [name, post, uses]
      side_effects:
        - entity: P¦Post
          operation: UPDATE
          fields: [t¦title]
      cache_invalidations:
        - query: tags
          strategy: R¦REFETCH
    cdc:
      enabled: t¦true
      event_type: TagCreated
`;

/** Before the folder is opened. */
export async function prepareTyping(workspace) {
  const file = join(workspace, 'entities/tag.yaml');
  await writeFile(file, HEAD);
  return file;
}

export async function typeAnAction(workbench, file) {
  const { page } = workbench;
  await workbench.openFile('tag.yaml');
  await page.keyboard.press('Control+End');
  const first = HEAD.split('\n').length;
  const lines = TYPED.trimEnd().split('\n');
  for (const [number, line] of lines.entries()) {
    await indent(workbench, /^ */.exec(line)[0].length, first + number);
    await typeLine(workbench, line.trimStart());
    await page.waitForTimeout(BEFORE_ENTER);
    if (number < lines.length - 1) {
      await page.keyboard.press('Enter');
    }
  }
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+S');
  const expected = HEAD + TYPED.trimEnd().replaceAll(/\w+¦/g, '');
  // VS Code in a browser saves by itself as well, and what it saved may be a part.
  const read = async () => (await readFile(file, 'utf8')).trimEnd();
  await workbench.eventually(`the whole file on disk:\n${expected}`, read, (text) => text === expected);
}

/** Back to a level with Backspace, where the editor has gone deeper; it never stays behind by itself. */
async function indent(workbench, wanted, line) {
  const { page } = workbench;
  let { column } = await workbench.eventually('the cursor in the new line', () => workbench.cursor(), (it) => it.line === line);
  assert.ok(column - 1 >= wanted, `line ${line} begins in column ${column} behind Enter, before ${wanted + 1}`);
  for (let tries = 0; column - 1 !== wanted; tries += 1) {
    assert.ok(tries < 8, `no way from column ${column} to ${wanted + 1}`);
    await page.keyboard.press('Backspace');
    const before = column;
    ({ column } = await workbench.eventually('a moved cursor', () => workbench.cursor(), (it) => it.column !== before));
  }
}

async function typeLine(workbench, line) {
  const { page } = workbench;
  const parts = line.split(/(\w+)¦(?=(\w+))/);
  // Text, what is typed before the look, the word, text that begins with the word, …
  await page.keyboard.type(parts[0], { delay: PAUSE });
  for (let at = 1; at < parts.length; at += 3) {
    const [begun, word, rest] = parts.slice(at, at + 3);
    await page.keyboard.type(begun, { delay: PAUSE });
    let typed = begun.length;
    // A proposal that was asked for while the letter before was under way can be late by a letter.
    while (!(await workbench.suggests(word, LOOK))) {
      assert.ok(typed < word.length - 1, `\`${word}\` is not proposed in \`${line.replaceAll(/\w+¦/g, '')}\``);
      await page.keyboard.type(word[typed]);
      typed += 1;
    }
    await page.keyboard.type(rest.slice(typed), { delay: PAUSE });
  }
}
