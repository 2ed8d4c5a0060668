// Who publishes what, as a picture that leads to the files; and a new entity.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export function flowSteps({ step, workbench, page, line, workspace, screenshot }) {
  return async () => {
    await step('the event flow is a picture that moves and zooms, and a click in it goes to the file', async () => {
      await workbench.runCommand('SpecQL: Show Event Flow');
      const frame = await workbench.webview('#picture svg .node');
      const node = frame.locator('g.node:not(.words)', { hasText: 'blog.Comment.add_comment' }).first();
      await node.waitFor();
      await screenshot('flow');
      const style = () => frame.locator('#picture svg').getAttribute('style');
      const first = await style();
      await frame.locator('#picture').hover();
      await page.mouse.wheel(0, -300);
      const larger = await workbench.eventually('a larger picture', style, (it) => scale(it) > scale(first));
      // Between the boxes, where a person takes hold of it.
      const drag = async () => {
        const box = await frame.locator('#picture').boundingBox();
        const hold = await frame.evaluate(freePlace);
        await page.mouse.move(box.x + hold.x, box.y + hold.y);
        await page.mouse.down();
        await page.mouse.move(box.x + hold.x + 60, box.y + hold.y + 40, { steps: 5 });
        await page.mouse.up();
        return style();
      };
      const moved = await workbench.eventually('a moved picture', drag, (it) => it !== larger);
      assert.equal(scale(moved), scale(larger));
      await node.focus();
      await page.keyboard.press('0');
      await workbench.eventually('the picture as it was', style, (it) => scale(it) === scale(first));
      await node.click();
      await workbench.tab(0).filter({ hasText: 'comment.yaml' }).waitFor();
    });

    await step('the page of a picture runs no script and loads nothing that is not its own', async () => {
      const frame = await workbench.webview('#picture svg .node');
      assert.deepEqual(await frame.evaluate(forbidden), []);
    });

    await step('the lineage of a field is a picture that follows the file', async () => {
      await workbench.openFile('user.yaml');
      const text = await readFile(join(workspace, 'entities/user.yaml'), 'utf8');
      await workbench.goTo(text.split('\n').findIndex((it) => it.includes('post_count:')) + 1);
      await page.keyboard.press('End');
      await workbench.runCommand('SpecQL: Show Lineage of Field');
      await workbench.tab(1).filter({ hasText: 'Lineage of User.post_count' }).waitFor();
      const own = '#picture svg .node[aria-label="User.post_count"]';
      const frame = await workbench.webview(own);
      const event = frame.locator('g.node:not(.words)', { hasText: 'event PostCreated' }).first();
      await event.waitFor();
      await screenshot('lineage');
      const from = await frame.locator('g.node:not(.words)').allTextContents();
      for (const name of ['Post.create_post', 'Post.delete_post', 'invalidation userPosts', 'audit trail']) {
        assert.ok(from.some((it) => it.includes(name)), `${name} in ${from}`);
      }
      await event.click();
      await workbench.tab(0).filter({ hasText: 'post.yaml' }).waitFor();
      const names = async () => (await workbench.webview(own)).locator('g.node:not(.words)').allTextContents();
      // The page is another one after each change, and one that goes meanwhile says nothing.
      const sets = async () => (await names().catch(() => undefined))?.filter((it) => it.trim() === 'Post.create_post').length;
      await workbench.eventually('an action that sets it', sets, (count) => count > 0);
      const step = line('update: User SET post_count = post_count + 1');
      await workbench.goTo(step);
      await page.keyboard.press('End');
      for (let letter = 0; letter < 'post_count = post_count + 1'.length; letter += 1) await page.keyboard.press('Backspace');
      await page.keyboard.type("role = 'author'");
      await workbench.eventually('one action less that sets it', sets, (count) => count === 0);
      const isWhole = async () => (await workbench.text(0)).includes('SET post_count = post_count + 1');
      for (let tries = 0; !(await isWhole()) && tries < 60; tries += 1) await page.keyboard.press('Control+Z');
      await workbench.eventually('the action once more', sets, (count) => count > 0);
      await workbench.tab(1).click({ button: 'middle' });
    });

    await step('a new entity is a file without findings', async () => {
      await workbench.runCommand('SpecQL: New Entity');
      await page.locator('.quick-input-widget input').fill('BlogLabel');
      await page.keyboard.press('Enter');
      await page.getByText('Its schema, in snake_case').first().waitFor();
      assert.equal(await page.locator('.quick-input-widget input').inputValue(), 'blog');
      await page.keyboard.press('Enter');
      await workbench.tab(0).filter({ hasText: 'blog_label.specql.yaml' }).waitFor();
      await workbench.waitForText(0, 'add_blog_label');
      await page.waitForTimeout(1000);
      const rows = await workbench.problems();
      assert.ok(!rows.some((row) => row.includes('BlogLabel') || row.includes('blog_label')), rows.join('\n'));
    });
  };
}

/** Inside the page: a place of the picture, from its corner, where no box is. */
function freePlace() {
  const box = document.querySelector('#picture').getBoundingClientRect();
  for (let y = 20; y < box.height - 60; y += 10) {
    for (let x = 20; x < box.width - 80; x += 10) {
      const there = document.elementFromPoint(box.x + x, box.y + y);
      if (there?.closest('#picture') && !there.closest('.node')) return { x, y };
    }
  }
  throw new Error('boxes everywhere');
}

/** How large a picture is drawn. */
function scale(style) {
  const [, at] = /scale\(([\d.]+)\)/.exec(style) ?? [];
  assert.ok(at, style);
  return Number(at);
}

/** Inside the page: what it could do and must not. */
async function forbidden() {
  const done = [];
  const script = document.createElement('script');
  script.textContent = 'window.ranForeign = true';
  document.body.append(script);
  if (window.ranForeign) done.push('a script');
  const style = document.createElement('style');
  style.textContent = 'body { outline: 7px solid red }';
  document.body.append(style);
  if (getComputedStyle(document.body).outlineWidth === '7px') done.push('a style');
  const image = new Image();
  const loaded = new Promise((resolve) => {
    image.onload = () => resolve(true);
    image.onerror = () => resolve(false);
  });
  image.src = 'data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==';
  if (await loaded) done.push('an image');
  const fetched = await fetch('https://localhost/').then(() => true, (error) => !/Failed to fetch|CSP|Content Security/.test(String(error)));
  if (fetched) done.push('a request');
  return done;
}
