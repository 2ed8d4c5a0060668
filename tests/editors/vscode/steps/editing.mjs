// What changes files: a snippet, a rename across files, the walkthrough that begins with a new entity.

import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const HEAD = 'entity: Note\nschema: blog\n\nfields:\n  body: text!\n\nactions:\n  ';

const INSERTED = `- name: create_note
    steps:
      - insert: Note
    impact:
      primary:
        entity: Note
        operation: CREATE
        fields: [body]`;

export function editingSteps({ step, workbench, page, line, workspace, screenshot }) {
  const read = (name) => readFile(join(workspace, 'entities', name), 'utf8');
  const proposals = page.locator('.suggest-widget.visible');
  /** Tab takes a proposal first, if one has come. Only a cursor that has stood still for long has had that. */
  const toNextStop = async () => {
    const shown = page.locator('#status\\.editor\\.selection');
    const before = await shown.innerText();
    for (let tries = 0; tries < 4; tries += 1) {
      if ((await proposals.count()) > 0) {
        await page.keyboard.press('Escape');
        await proposals.waitFor({ state: 'detached' });
      }
      await page.keyboard.press('Tab');
      const until = Date.now() + 5000;
      while (Date.now() < until) {
        if ((await shown.innerText()) !== before) return;
        await page.waitForTimeout(50);
      }
    }
    assert.fail('the snippet has no further stop');
  };

  /**
   * Renames the entity that the file in front declares, and saves all files that name it. With `asks` there are
   * texts built from the name, which VS Code shows before it applies anything.
   */
  const rename = async (from, to, { asks = false } = {}) => {
    await workbench.goTo(2);
    await workbench.click(0, `entity: ${from}`);
    await page.keyboard.press('End');
    await page.keyboard.press('F2');
    const input = page.locator('.rename-box input, .rename-input').first();
    await input.waitFor();
    assert.equal(await input.inputValue(), from);
    await input.fill(to);
    await page.keyboard.press('Enter');
    if (asks) {
      await page.getByText('Refactor Preview').first().waitFor();
      await page.getByRole('button', { name: 'Apply' }).first().click();
    }
    await workbench.waitForText(0, `entity: ${to}`);
    await workbench.runCommand('File: Save All');
  };

  return async () => {
    await step('a snippet is filled in from stop to stop', async () => {
      await writeFile(join(workspace, 'entities/note.yaml'), HEAD);
      await workbench.openFile('note.yaml');
      await workbench.eventually('the language', () => workbench.language(), (it) => it === 'SpecQL');
      await page.keyboard.press('Control+End');
      await page.keyboard.type('sq-cre', { delay: 35 });
      // The list comes by itself, but not to letters that are typed faster than the editor draws them.
      if (!(await workbench.suggests('sq-create', 5000))) {
        await page.keyboard.press('Control+Space');
      }
      assert.ok(await workbench.suggests('sq-create', 30_000), 'the snippet is not proposed');
      await page.keyboard.press('Tab');
      await workbench.waitForText(0, '- name: create_name');
      for (const word of ['note', 'Note', 'body']) {
        await page.keyboard.type(word, { delay: 35 });
        await toNextStop();
      }
      await page.keyboard.press('Control+S');
      await screenshot('snippet');
      await workbench.eventually('the whole file', () => read('note.yaml'), (text) => text.trimEnd() === HEAD + INSERTED);
    });

    await step('an entity is renamed in all files', async () => {
      await workbench.openFile('comment.yaml');
      await rename('Comment', 'Remark', { asks: true });
      await screenshot('rename');
      await workbench.eventually('the new name on disk', () => read('post.yaml'), (text) => text.includes('delete: Remark WHERE post = input.id'));
      const [comment, post] = await Promise.all([read('comment.yaml'), read('post.yaml')]);
      assert.ok(!/\bComment\b/.test(post), post);
      assert.match(comment, /^entity: Remark$/m);
      assert.match(comment, /insert: Remark\(body, post, author\)/);
      // What consumers know by name follows for whoever says so, and nobody has.
      assert.match(comment, /event_type: CommentAdded/);
      assert.match(post, /- entity: Remark\n/);
      // As it was, for who comes later.
      await rename('Remark', 'Comment');
      await workbench.eventually('the old name on disk', () => read('post.yaml'), (text) => text.includes('delete: Comment WHERE'));
    });

    await step('the walkthrough leads to a new entity', async () => {
      await workbench.choose('F1', '>Open Walkthrough', 'Open Walkthrough');
      await page.locator('.quick-input-widget input').fill('Get started with SpecQL');
      await workbench.pick('Get started with SpecQL').click();
      const guide = page.locator('.gettingStartedContainer');
      for (const title of ['Write an entity', 'See what is wrong', 'See what follows', 'See who publishes what']) {
        await guide.getByText(title, { exact: true }).first().waitFor();
      }
      await screenshot('walkthrough');
      await guide.getByRole('button', { name: 'New Entity' }).or(guide.getByText('New Entity', { exact: true })).first().click();
      await page.getByText('Name of the entity, in PascalCase').first().waitFor();
      await page.keyboard.press('Escape');
      await workbench.tab(0).click({ button: 'middle' });
    });
  };
}
