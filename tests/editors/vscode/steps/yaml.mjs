// Beside the YAML extension: each has its files, and neither speaks about those of the other.

import assert from 'node:assert/strict';
import { cp, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

const HERE = import.meta.dirname;
const CLIENT = resolve(HERE, '../extensions/yaml');
const EXTENSION = resolve(HERE, '../../../../editors/vscode');

/** Sorts no keys, and would complain of an order that entity files do not have. */
const SETTINGS = { 'yaml.validate': true, 'yaml.keyOrdering': true, 'yaml.schemaStore.enable': false };
const TWICE = 'image: a\nimage: b\n';

/** `installed` is a folder or a VSIX of the YAML extension; without it, one with its server is made. */
export function yamlSteps({ step, window, workspace, home, tools, installed }) {
  return async () => {
    const own = join(home, 'both');
    const folder = join(own, 'blog');
    await cp(workspace, folder, { recursive: true });
    await writeFile(join(folder, 'values.yaml'), TWICE);
    const beside = installed ?? (await bundled(join(own, 'yaml')));
    const environment = { YAML_LANGUAGE_SERVER: join(tools, 'node_modules/yaml-language-server/bin/yaml-language-server') };

    await window({ home: own, beside: [beside], settings: SETTINGS, environment }, async ({ workbench, page, server, url, screenshot }) => {
      await step('beside the YAML extension each has its own files', async () => {
        await workbench.open(url, folder);
        await workbench.showProblems();
        await workbench.waitForProblem('unknown-impact-field');
        await workbench.openFile('values.yaml');
        await workbench.waitForProblem('Map keys must be unique');
        assert.equal(await workbench.language(), 'YAML');
        await workbench.openFile('post.yaml');
        await workbench.eventually('the language', () => workbench.language(), (it) => it === 'SpecQL');
        await workbench.goTo(1);
        await page.keyboard.press('End');
        await page.keyboard.type(' and more');
        await page.waitForTimeout(3000);
        const rows = await workbench.problems();
        const strange = rows.filter((it) => / YAML|keyOrdering|schema\(/.test(it) && !it.includes('Map keys'));
        assert.deepEqual(strange, [], rows.join('\n'));
        assert.ok(rows.some((it) => it.includes('unknown-impact-field')), rows.join('\n'));
        assert.ok(!rows.some((it) => it.includes('values.yaml') && it.includes('specql(')), rows.join('\n'));
        await screenshot('both');
      });

      await step('a proposal and a hover of an entity file come once', async () => {
        await workbench.goTo(2);
        await workbench.hover(0, 'entity', /entity/i);
        const parts = await page.locator('.monaco-hover:not(.hidden) .hover-row').allInnerTexts();
        assert.ok(parts.length <= 1, parts.join('\n──\n'));
        await page.keyboard.press('Escape');
      });

      await step('entity files that stay YAML by the setting are checked all the same', async () => {
        await server.configure({ 'specql.detectEntityFiles': false });
        await page.reload();
        await page.locator('.explorer-folders-view .monaco-list-row').first().waitFor();
        await workbench.openFile('user.yaml');
        await workbench.eventually('the language', () => workbench.language(), (it) => it === 'YAML');
        await workbench.showProblems();
        await workbench.waitForProblem('unknown-impact-field');
      });
    });
  };
}

/** The client for the tests with what it needs in one file. */
async function bundled(target) {
  const { build } = createRequire(join(EXTENSION, 'package.json'))('esbuild');
  await cp(CLIENT, target, { recursive: true });
  await build({
    entryPoints: [join(target, 'source.cjs')],
    outfile: join(target, 'extension.cjs'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['vscode'],
    nodePaths: [join(EXTENSION, 'node_modules')],
    logLevel: 'warning',
  });
  return target;
}
