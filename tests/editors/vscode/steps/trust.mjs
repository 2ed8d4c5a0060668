// A folder that is not trusted, and one that is on no disk: what works there, and what must not.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { serverProcesses } from './failures.mjs';

const HERE = import.meta.dirname;

export function trustSteps({ step, window, workspace, home }) {
  return async () => {
    const own = join(home, 'untrusted');
    const folder = join(own, 'blog');
    const ran = join(own, 'ran');
    await cp(workspace, folder, { recursive: true });
    await mkdir(join(folder, '.vscode'), { recursive: true });
    await writeFile(join(folder, '.vscode/settings.json'), '{ "specql.server.path": "${workspaceFolder}/theirs" }\n');
    await writeFile(join(folder, 'theirs'), `#!/bin/sh\ntouch '${ran}'\nexit 7\n`);
    await chmod(join(folder, 'theirs'), 0o755);

    await window({ home: own, asksForTrust: true }, async ({ workbench, page, url, screenshot }) => {
      await step('a folder that is not trusted is checked, and no program of its own runs', async () => {
        await workbench.open(url, folder);
        await page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).first().waitFor();
        await workbench.showProblems();
        await workbench.waitForProblem('unknown-impact-field');
        await workbench.runCommand('SpecQL: Restart Server');
        await page.getByText('SpecQL: server restarted').waitFor();
        await page.locator('.statusbar-item', { hasText: 'SpecQL' }).locator('.codicon-check').first().waitFor();
        assert.equal(serverProcesses(own).length, 1);
        assert.ok(!existsSync(ran), 'the program that the folder names has run');
        await screenshot('restricted');
      });

      await step('once the folder is trusted, the path that it names counts', async () => {
        await workbench.runCommand('Workspaces: Manage Workspace Trust');
        await page.locator('.workspace-trust-editor').getByRole('button', { name: 'Trust', exact: true }).first().click();
        await workbench.notification('ends with code 7');
        assert.ok(existsSync(ran));
      });
    });
  };
}

export function virtualSteps({ step, window, home }) {
  return async () => {
    const own = join(home, 'virtual');
    const list = join(own, 'memory.code-workspace');
    await mkdir(own, { recursive: true });
    await writeFile(list, JSON.stringify({ folders: [{ uri: 'memory:/', name: 'memory' }] }));

    const beside = [resolve(HERE, '../extensions/virtual')];
    await window({ home: own, beside }, async ({ workbench, page, url, screenshot }) => {
      await step('in a folder on no disk there are colours and snippets, no server, and a reason', async () => {
        await workbench.openWorkspace(url, list);
        for (const name of ['note.specql.yaml', 'post.yaml']) {
          await page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).dblclick();
          await workbench.tab(0).filter({ hasText: name }).waitFor();
          await workbench.eventually('the language', () => workbench.language(), (it) => it === 'SpecQL');
        }
        const colours = (line) =>
          workbench.editor(0).locator('.view-line', { hasText: line }).first().locator('span span').evaluateAll((spans) =>
            new Set(spans.map((it) => getComputedStyle(it).color)).size);
        await workbench.eventually('colours', () => colours('title: text!'), (count) => count > 1);
        await page.keyboard.press('Control+1');
        await page.keyboard.press('Control+End');
        await page.keyboard.type('  sq-cre', { delay: 50 });
        if (!(await workbench.suggests('sq-create', 5000))) await page.keyboard.press('Control+Space');
        assert.ok(await workbench.suggests('sq-create', 30_000), 'no snippet is proposed');
        await page.keyboard.press('Escape');
        await workbench.runCommand('SpecQL: Show Artifact');
        await workbench.notification('is on no disk');
        await screenshot('virtual');
        assert.deepEqual(serverProcesses(own), []);
        assert.equal(await page.locator('[id="specql.specql.status"]').count(), 0);
      });
    });
  };
}
