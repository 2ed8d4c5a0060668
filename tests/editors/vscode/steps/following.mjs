// A preview follows the cursor, and never comes over what a person has opened meanwhile or keeps. The server
// is slow here, so that there is a meanwhile.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { bundledServer } from './failures.mjs';

/** Longer than both answers of the slow server that a step to another preview needs. */
const ALL_LATE = 4500;

export function followingSteps({ step, workbench, page, line, server, home, screenshot }) {
  const status = page.locator('[id="specql.specql.status"], .statusbar-item', { hasText: 'SpecQL' });
  const runs = (name) => execFileSync('ps', ['-eo', 'args='], { encoding: 'utf8' }).includes(`${name} ${home}/`);
  const front = () => workbench.tab(1).innerText();

  return async () => {
    await step('a preview that follows late stays behind what was opened meanwhile', async () => {
      await workbench.goTo(line('name: create_post'));
      await page.keyboard.press('End');
      await workbench.runCommand('SpecQL: Open Preview of Generated SQL');
      await workbench.tab(1).filter({ hasText: 'Post.create_post · action' }).waitFor();
      await server.configure({ 'specql.server.path': await slow(home) });
      await workbench.eventually('the slow server', () => runs('slowServer.mjs'), (it) => it);
      await status.locator('.codicon-check').first().waitFor();
      await workbench.goTo(line("update: Post SET status = 'published'"));
      await page.waitForTimeout(ALL_LATE / 4);
      await workbench.runCommand('SpecQL: Show Event Flow');
      await workbench.tab(1).filter({ hasText: 'Event Flow' }).waitFor();
      await workbench.goTo(line('delete: Comment'));
      await page.waitForTimeout(ALL_LATE);
      assert.match(await front(), /Event Flow/);
      await screenshot('behind');
      await server.configure({});
      await status.locator('.codicon-check').first().waitFor();
      await workbench.tab(1).click({ button: 'middle' });
    });

    await step('a preview whose tab is kept, and a comparison, stay as they are', async () => {
      await workbench.goTo(line('name: create_post'));
      await page.keyboard.press('End');
      await workbench.runCommand('SpecQL: Open Preview of Generated SQL');
      await workbench.tab(1).filter({ hasText: 'Post.create_post · action' }).waitFor();
      await workbench.tab(1).dblclick();
      await workbench.goTo(line("update: Post SET status = 'published'"));
      await page.waitForTimeout(1500);
      assert.match(await front(), /create_post/);
      await workbench.goTo(line('name: create_post'));
      await page.keyboard.press('End');
      await page.keyboard.press('Control+2');
      await workbench.runCommand('SpecQL: Compare Artifact with HEAD');
      await workbench.tab(1).filter({ hasText: 'HEAD ↔ now' }).waitFor();
      await workbench.goTo(line("update: Post SET status = 'published'"));
      await page.waitForTimeout(1500);
      assert.match(await front(), /HEAD ↔ now/);
      await page.keyboard.press('Control+2');
      await page.keyboard.press('Control+F4');
      await page.keyboard.press('Control+2');
      await page.keyboard.press('Control+F4');
      await workbench.goTo(1);
    });
  };
}

/** A file that starts the real server behind a slow one. */
async function slow(home) {
  const path = join(home, 'slow-server');
  const real = `'${await bundledServer(home)}'`;
  const proxy = `'${process.execPath}' '${resolve(import.meta.dirname, '../slowServer.mjs')}'`;
  // What is no session of a server, its version, is not held up.
  await writeFile(path, `#!/bin/sh\ntest "$1" = serve || exec ${real} "$@"\nexec ${proxy} ${real} "$@"\n`);
  await chmod(path, 0o755);
  return path;
}
