// The editor's own ways through the files: definition, references, outline, formatting.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const UNTIDY = 'entity:   Badge\nschema: blog\n\nfields:\n    label:   text!\n    owner: ref(User)!\n';
const TIDY = 'entity: Badge\nschema: blog\n\nfields:\n  label: text!\n  owner: ref(User)!\n';

export function navigationSteps({ step, workbench, page, workspace, screenshot }) {
  const file = join(workspace, 'entities/badge.yaml');
  const lineOf = (words) => TIDY.split('\n').findIndex((it) => it.includes(words)) + 1;

  return async () => {
    await step('a file is formatted', async () => {
      await writeFile(file, UNTIDY);
      await workbench.openFile('badge.yaml');
      await workbench.eventually('the language', () => workbench.language(), (it) => it === 'SpecQL');
      await workbench.runCommand('Format Document');
      await workbench.waitForText(0, TIDY.trimEnd());
      await page.keyboard.press('Control+S');
      await workbench.eventually('the file on disk', () => readFile(file, 'utf8'), (text) => text === TIDY);
    });

    await step('the outline has the entity and its fields', async () => {
      await workbench.goTo(lineOf('owner'));
      await page.locator('.breadcrumbs-below-tabs, .monaco-breadcrumbs').filter({ hasText: 'Badge' }).first().waitFor();
      await workbench.choose('Control+Shift+O', '@owner', 'owner');
    });

    await step('references are listed, and a definition is gone to', async () => {
      await workbench.goTo(lineOf('owner'));
      await workbench.click(0, 'User');
      await page.keyboard.press('Shift+F12');
      const list = page.locator('.reference-zone-widget .monaco-list-row');
      await list.filter({ hasText: 'post.yaml' }).first().waitFor();
      await screenshot('references');
      await page.keyboard.press('Escape');
      await workbench.goTo(lineOf('owner'));
      await workbench.click(0, 'User');
      await page.keyboard.press('F12');
      await workbench.tab(0).filter({ hasText: 'user.yaml' }).waitFor();
    });
  };
}
