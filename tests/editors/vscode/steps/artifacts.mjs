// What is generated, seen beside the file: chosen among all, following the cursor both ways, compared
// with HEAD, as a tree.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export function artifactSteps({ step, workbench, page, line, workspace, screenshot }) {
  return async () => {
    await step('all artifacts of a place can be chosen', async () => {
      await workbench.goTo(line('name: create_post'));
      await page.keyboard.press('End');
      await workbench.runCommand('SpecQL: Show Artifact');
      for (const name of ['action', 'cascade-sample', 'event-sample', 'audit-sample', 'event-schema', 'effects']) {
        await workbench.pick(name).waitFor();
      }
      await screenshot('picker');
      await page.keyboard.type('cascade-sample');
      await page.keyboard.press('Enter');
      await workbench.tab(1).filter({ hasText: 'Post.create_post · cascade-sample' }).waitFor();
      await workbench.waitForText(1, '"__typename": "Post"');
    });

    await step('a link of a hover opens the preview that it names', async () => {
      await workbench.goTo(line('name: create_post'));
      await workbench.click(0, 'create_post');
      const link = page.locator('.monaco-hover:not(.hidden) a[data-href^="command:specql.preview"]').first();
      const show = async () => {
        await page.keyboard.press('Control+K');
        await page.keyboard.press('Control+I');
        return link.waitFor({ timeout: 3000 }).then(() => true, () => false);
      };
      await workbench.eventually('a link in the hover', show, (it) => it);
      await screenshot('hover-link');
      // A hover closes by itself when the machine is busy.
      const follow = () => link.click({ timeout: 3000 }).then(() => true, () => false);
      await workbench.eventually('a click on the link', async () => (await follow()) || ((await show()) && follow()), (it) => it);
      await workbench.tab(1).filter({ hasText: 'Post.create_post · ' }).filter({ hasNotText: 'cascade-sample' }).first().waitFor();
    });

    await step('the preview follows the cursor to another action, and marks its line', async () => {
      await workbench.goTo(line('name: create_post'));
      await page.keyboard.press('End');
      await workbench.runCommand('SpecQL: Open Preview of Generated SQL');
      await workbench.tab(1).filter({ hasText: 'Post.create_post · action' }).waitFor();
      await workbench.goTo(line("update: Post SET status = 'published'"));
      await page.keyboard.press('End');
      await workbench.tab(1).filter({ hasText: 'Post.publish_post · action' }).waitFor();
      await workbench.waitForText(1, 'UPDATE blog.tb_post');
      await workbench.group(1).locator('.view-overlays [class*="ced-"]').first().waitFor();
      await screenshot('follow');
    });

    await step('the preview leads back to the file', async () => {
      await workbench.goTo(1);
      await workbench.goTo(line("update: Post SET status = 'published'"));
      await page.keyboard.press('End');
      await workbench.waitForText(1, 'UPDATE blog.tb_post');
      await workbench.click(1, 'UPDATE blog.tb_post');
      await workbench.group(0).locator('.view-overlays [class*="ced-"]').first().waitFor();
      await page.keyboard.press('F12');
      await workbench.eventually(
        'the cursor in the file',
        () => workbench.cursor(),
        ({ line: at }) => at === line("update: Post SET status = 'published'"),
      );
    });

    await step('an artifact is copied, and compared with HEAD', async () => {
      await workbench.goTo(line('collection: updatedAuthors'));
      await page.keyboard.press('End');
      await workbench.tab(1).filter({ hasText: 'Post.create_post · action' }).waitFor();
      await workbench.runCommand('SpecQL: Copy Artifact');
      await page.getByText(/SpecQL: Post\.create_post · action copied/).first().waitFor();
      await page.keyboard.type('Now');
      await workbench.waitForText(1, 'updatedAuthorsNow');
      await workbench.runCommand('SpecQL: Compare Artifact with HEAD');
      const diff = page.locator('.editor-instance .monaco-diff-editor').first();
      await diff.locator('.line-insert, .char-insert').first().waitFor();
      await page.locator('.tab', { hasText: 'HEAD ↔ now' }).first().waitFor();
      await screenshot('head');
      const tab = page.locator('.tab', { hasText: 'HEAD ↔ now' }).first();
      await tab.click({ button: 'middle' });
      await tab.waitFor({ state: 'detached' });
      await workbench.goTo(line('collection: updatedAuthors'));
      await page.keyboard.press('Control+Z');
      await workbench.eventually('the first text', () => workbench.text(0), (text) => !text.includes('updatedAuthorsNow'));
    });

    await step('a button of the preview copies it, and an artifact is saved to a file', async () => {
      await page.keyboard.press('Control+2');
      const button = workbench.group(1).locator('.editor-actions [aria-label^="Copy Artifact"]').first();
      await button.click();
      await page.getByText(/SpecQL: Post\.create_post · action copied/).first().waitFor();
      await workbench.runCommand('SpecQL: Save Artifact As');
      const input = page.locator('.quick-input-widget input');
      const proposed = await workbench.eventually('a name for the file', () => input.inputValue(), (text) => text.endsWith('.sql'));
      assert.equal(proposed, join(workspace, 'Post.create_post.action.sql'));
      await page.keyboard.press('Enter');
      const saved = () => readFile(proposed, 'utf8').catch(() => '');
      const text = await workbench.eventually('the file', saved, (it) => it.endsWith('\n'));
      assert.match(text, /CREATE OR REPLACE FUNCTION blog\.fn_create_post/);
    });

    await step('the tree has schemas, entities, actions and events, and opens them', async () => {
      await page.locator('.activitybar .action-item', { has: page.locator('[aria-label="SpecQL"]') }).first().click();
      const row = (text) => page.locator('.part.sidebar .monaco-list-row', { hasText: text }).first();
      await row('blog').waitFor();
      // A row that is clicked while the tree is drawn again stays closed, so it is clicked until it is open.
      const isOpen = async () => {
        const isClosed = (await row('User').getAttribute('aria-expanded')) !== 'true';
        if (isClosed) await row('User').locator('.monaco-tl-twistie').click();
        return row('register_user').isVisible();
      };
      await workbench.eventually('the actions of an entity', isOpen, (it) => it);
      await row('register_user').click();
      await workbench.tab(0).filter({ hasText: 'user.yaml' }).waitFor();
      // The preview follows, and comes to the front when it does: before anything else is opened there.
      await workbench.tab(1).filter({ hasText: 'User.register_user' }).waitFor();
      await screenshot('tree');
    });
  };
}
